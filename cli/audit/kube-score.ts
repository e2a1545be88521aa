import { jsonFrom, nameOf, type Judge } from "./judge.ts";

/** What kube-score prints of each object it judges. */
interface Score {
  readonly type_meta: { readonly apiVersion: string; readonly kind: string };
  readonly object_meta: { readonly name: string; readonly namespace?: string };
  readonly checks: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

/** The grade of a check that found nothing. */
const fine = 10;

/**
 * kube-score with all its checks, also those that are optional. It looks at workloads, services and network policies.
 *
 * @param program - The executable.
 * @param version - Of the Kubernetes that the objects are for, such as `v1.36`.
 */
export const kubeScore = (program: string, version: string): Judge => ({
  name: "kube-score",
  judge: async (manifests) => {
    const scores = await jsonFrom<Score[] | null>(program, [
      "score",
      "--output-format=json",
      "--all-default-optional",
      // Who may write an object must not be able to switch off its judge.
      "--disable-ignore-checks-annotations",
      `--kubernetes-version=${version}`,
      ...manifests.map(({ file }) => file),
    ]);
    return {
      judged: scores?.length ?? 0,
      findings: (scores ?? []).flatMap(({ type_meta, object_meta, checks }) =>
        checks
          .filter(({ grade, skipped }) => grade < fine && !skipped)
          .map(({ check, comments }) => ({
            judge: "kube-score",
            rule: check.id,
            object: nameOf({ ...type_meta, metadata: { ...object_meta } }),
            words: (comments ?? [])
              .map(({ path, summary }) => (path === "" ? summary : `${path}: ${summary}`))
              .join("; "),
          })),
      ),
    };
  },
});

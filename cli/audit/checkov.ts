import { jsonFrom, nameOf, type Judge } from "./judge.ts";

/** What checkov prints. */
interface Report {
  readonly results?: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly check_name: string;
      readonly file_abs_path: string;
    }[];
  };
}

/**
 * Checkov's rules for Kubernetes, asked without a network.
 *
 * @param program - The executable.
 */
export const checkov = (program: string): Judge => ({
  name: "checkov",
  judge: async (manifests) => {
    const { results } = await jsonFrom<Report>(program, [
      ...["--framework", "kubernetes", "--output", "json", "--compact", "--quiet", "--skip-download"],
      ...manifests.flatMap(({ file }) => ["--file", file]),
    ]);
    return {
      judged: manifests.length,
      findings: (results?.failed_checks ?? []).map(({ check_id, check_name, file_abs_path }) => ({
        judge: "checkov",
        rule: check_id,
        object: nameOf(manifests.find(({ file }) => file === file_abs_path)!.object),
        words: check_name,
      })),
    };
  },
});

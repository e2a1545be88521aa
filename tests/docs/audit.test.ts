import assert from "node:assert/strict";
import path from "node:path";
import { exceptions } from "../../cli/audit/exceptions.ts";
import { readManifests } from "../../cli/audit/judge.ts";
import { environments, projectFolder } from "../../engine/stack-files.ts";
import { textOf } from "./blocks.ts";

const page = textOf("docs/security.md");

/** A pod as far as it is counted. */
interface Pod {
  readonly automountServiceAccountToken?: boolean;
  readonly containers: readonly {
    readonly image: string;
    readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
    readonly securityContext?: { readonly readOnlyRootFilesystem?: boolean };
  }[];
}

/** The columns that are numbers, of an environment's objects. */
function countsOf(environment: string): string[] {
  const objects = readManifests(path.join(projectFolder, "rendered", environment)).map(
    ({ object }) => object,
  );
  const count = (kind: string) => objects.filter((object) => object.kind === kind).length;
  const pods = objects
    .filter(({ kind }) => kind === "StatefulSet")
    .map(({ spec }) => (spec as { template: { spec: Pod } }).template.spec);
  const containers = pods.flatMap((pod) => pod.containers);
  return [
    `${pods.length} / ${containers.length}`,
    ...[
      pods.filter((pod) => pod.automountServiceAccountToken !== false),
      containers.filter(({ securityContext }) => securityContext?.readOnlyRootFilesystem !== true),
      containers.filter(({ resources }) => resources?.limits?.["memory"] === undefined),
      containers.filter(({ image }) => image.includes("@sha256:")),
    ].map((some) => String(some.length)),
    String(count("NetworkPolicy")),
    String(count("PodDisruptionBudget")),
  ];
}

describe("what docs/security.md says of the audit", () => {
  const row = /^\| this one +\|(.*)\|$/m
    .exec(page)![1]!
    .split("|")
    .map((cell) => cell.trim());

  for (const environment of environments())
    it(`counts what ${environment} has`, () => {
      const [pods, , ...rest] = row;
      assert.deepEqual([pods, ...rest.map((cell) => cell.split(",")[0])], countsOf(environment));
    });

  it("names every exception, and no other", () => {
    const named = [...page.matchAll(/`((?:container|deployment|statefulset)-[\w-]+|CKV_\w+)`/g)].map(
      ([, rule]) => rule,
    );
    assert.deepEqual(named.toSorted(), [...new Set(exceptions.map(({ rule }) => rule))].toSorted());
  });

  it("has a row for every environment and judge", () => {
    const rows = [...page.matchAll(/^ {2}(\w+) +(policies|kube-score|kubeconform|checkov) /gm)].map(
      ([, environment]) => environment,
    );
    assert.deepEqual([...new Set(rows)], [...environments(), "distributed"]);
    assert.equal(rows.length, 4 * (environments().length + 1));
  });
});

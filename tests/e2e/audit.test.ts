import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { audit } from "../../cli/audit/audit.ts";
import { renderDistributed } from "../../cli/audit/distributed.ts";
import { exceptions } from "../../cli/audit/exceptions.ts";
import { nameOf, readManifests, type Judge, type Manifest } from "../../cli/audit/judge.ts";
import { checkovIfAny, judgePrograms, judgesFor } from "../../cli/audit/judges.ts";
import type { KubernetesObject } from "../../clients/kubernetes.ts";
import { environments, projectFolder } from "../../engine/stack-files.ts";
import { streamLog } from "../../terminal/log.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";

/** The StatefulSet, as far as mistakes are planted in it. */
interface Workload extends KubernetesObject {
  spec: { template: { spec: { containers: Record<string, unknown>[] } } };
}

/** The ServiceMonitor, likewise. */
interface Monitor extends KubernetesObject {
  spec: { endpoints: Record<string, unknown>[] };
}

const rendered = new Map<string, readonly Manifest[]>(
  environments().map((name) => [name, readManifests(path.join(projectFolder, "rendered", name))]),
);

/** What is excepted of its objects. */
const ofDev = exceptions.filter(({ object }) =>
  rendered.get("dev")!.some((manifest) => nameOf(manifest.object) === object),
);

const withoutLimits = [
  "kube-score: container-ephemeral-storage-request-and-limit: StatefulSet tracing/tempo",
  "kube-score: container-resources: StatefulSet tracing/tempo",
];

describe("judges from outside", () => {
  let cluster: TestCluster;
  let judges: readonly Judge[];
  let checkov: readonly Judge[];
  const folder = mkdtempSync(path.join(tmpdir(), "llm-tracing-audit-"));

  before(async function () {
    rendered.set("distributed", (await renderDistributed(path.join(folder, "distributed"))).manifests);
    cluster = await openTestCluster(this, "audit", judgePrograms);
    judges = await judgesFor([...rendered.values()].flat(), {
      api: cluster.sandbox.api,
      tools: cluster.tools,
      schemas: path.join(folder, "schemas"),
    });
    checkov = await checkovIfAny({ guard: cluster.guard, log: streamLog(process.stderr) });
  });

  after(async () => {
    await cluster?.close();
    rmSync(folder, { recursive: true });
  });

  it("find nothing in rendered/ that is not excepted, and need every exception", async () => {
    const all = [...judges, ...checkov];
    const { problems, table } = await audit(
      new Map([...rendered].map(([name, manifests]) => [name, { manifests, judges: all }])),
      exceptions,
    );
    assert.deepEqual(problems, []);
    assert.equal(table.length, 1 + rendered.size * all.length);
  });

  it("look at every object, and at every one that runs, serves or guards", async () => {
    for (const manifests of rendered.values()) {
      const judged = await Promise.all(judges.map(async (each) => (await each.judge(manifests)).judged));
      const scored = manifests.filter(({ object }) =>
        [
          "Deployment",
          "StatefulSet",
          "HorizontalPodAutoscaler",
          "Service",
          "NetworkPolicy",
          "PodDisruptionBudget",
        ].includes(object.kind),
      );
      assert.deepEqual(judged, [scored.length, manifests.length]);
    }
  });

  it("find, checkov too, a container that may become root", async function () {
    if (checkov.length === 0) this.skip();
    const manifests = withMistake(
      path.join(folder, "planted.yaml"),
      (workload) =>
        ((containerOf(workload)["securityContext"] as Record<string, unknown>)["allowPrivilegeEscalation"] =
          true),
    );
    const { problems } = await audit(new Map([["dev", { manifests, judges: checkov }]]), ofDev);
    assert.deepEqual(problems, [
      "dev: checkov: CKV_K8S_20: StatefulSet tracing/tempo: Containers should not run with allowPrivilegeEscalation",
    ]);
  });

  it("find, checkov too, nothing against an image that its digest pins, and need neither exception", async function () {
    if (checkov.length === 0) this.skip();
    const manifests = withMistake(
      path.join(folder, "planted.yaml"),
      (workload) =>
        (containerOf(workload)["image"] =
          `registry.example.org/grafana/tempo:3.0.3@sha256:${"a".repeat(64)}`),
    );
    const { problems } = await audit(
      new Map([["dev", { manifests, judges: [...judges, ...checkov] }]]),
      ofDev,
    );
    assert.deepEqual(problems, [
      "checkov: CKV_K8S_15: StatefulSet tracing/tempo: no environment needs its exception",
      "checkov: CKV_K8S_43: StatefulSet tracing/tempo: no environment needs its exception",
    ]);
  });

  for (const [what, plant, wanted, kind] of [
    ["nothing", () => undefined, []],
    [
      "a misspelt field",
      (workload) => (containerOf(workload)["imagePullPolcy"] = "Always"),
      ["kubeconform: schema: StatefulSet tracing/tempo"],
    ],
    [
      "a misspelt field deep in an object of the Prometheus operator",
      (object) => ((object as unknown as Monitor).spec.endpoints[0]!["paths"] = "/metrics"),
      ["kubeconform: schema: ServiceMonitor tracing/tempo"],
      "ServiceMonitor",
    ],
    [
      "a kind that the API server does not have",
      (workload) => (workload.apiVersion = "apps/v1beta1"),
      [
        "kube-score: stable-version: StatefulSet tracing/tempo",
        "kubeconform: no-schema: StatefulSet tracing/tempo",
      ],
    ],
    [
      "a container without limits",
      (workload) => delete (containerOf(workload)["resources"] as { limits?: object }).limits,
      withoutLimits,
    ],
    [
      "a container that may write to its image",
      (workload) =>
        ((containerOf(workload)["securityContext"] as Record<string, unknown>)["readOnlyRootFilesystem"] =
          false),
      ["kube-score: container-security-context-readonlyrootfilesystem: StatefulSet tracing/tempo"],
    ],
    [
      "a wish to be left alone",
      (workload) => {
        delete containerOf(workload)["resources"];
        workload.metadata["annotations"] = { "kube-score/ignore": "container-resources" };
      },
      withoutLimits,
    ],
  ] as readonly [
    what: string,
    plant: (workload: Workload) => unknown,
    wanted: readonly string[],
    kind?: string,
  ][]) {
    it(`find ${what}`, async () => {
      const manifests = withMistake(path.join(folder, "planted.yaml"), plant, kind);
      const { problems } = await audit(new Map([["dev", { manifests, judges }]]), exceptions);
      const found = problems.filter((line) => line.startsWith("dev: "));
      assert.deepEqual(
        found.map((line) => line.split(": ").slice(1, 4).join(": ")),
        wanted,
        found.join("\n"),
      );
    });
  }
});

const containerOf = ({ spec }: Workload) => spec.template.spec.containers[0]!;

/** The objects of `dev`, Tempo's of a kind with a mistake and in a file of its own. */
function withMistake(file: string, plant: (workload: Workload) => unknown, kind = "StatefulSet"): Manifest[] {
  return rendered.get("dev")!.map((manifest) => {
    if (manifest.object.kind !== kind || manifest.object.metadata.name !== "tempo") return manifest;
    const object = structuredClone(manifest.object) as Workload;
    plant(object);
    writeFileSync(file, stringify(object));
    return { file, object };
  });
}

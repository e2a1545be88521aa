import assert from "node:assert/strict";
import { parse } from "yaml";
import type { KubernetesObject } from "../../clients/kubernetes.ts";
import { waitFor } from "../../clients/wait.ts";
import { merge, type SettingsTree } from "../../engine/overrides.ts";
import { hasChanges, type EngineStack } from "../../engine/stack.ts";
import { planOf } from "../../cli/up/plan.ts";
import { distributedPrograms } from "../../sandbox/distributed.ts";
import { sandboxFolder } from "../../sandbox/folder.ts";
import { sandboxSettings, withoutRoles } from "../../sandbox/settings.ts";
import { backendPrograms, type Backends } from "../../sandbox/trace-backends.ts";
import { describeFaults } from "./distributed/describe.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";
import { nameOf, objectsThere } from "./objects.ts";
import { describeDocuments } from "./values/documents.ts";
import { describeGraphs } from "./values/graphs.ts";
import { describeExclusions } from "./values/negatives.ts";
import { describeObjectives } from "./values/objectives.ts";
import { describeGraphsOverTime, describeTotals } from "./values/over-time-panels.ts";
import { countSpans, type Run } from "./values/run.ts";
import { describeTables } from "./values/tables.ts";
import { describeTopology } from "./values/topology.ts";

const missing = await withoutRoles();

describe("a distributed Tempo", () => {
  let cluster: TestCluster;
  let stack: EngineStack;
  let untouched: string[];
  const overrides = async (changed: SettingsTree = {}): Promise<SettingsTree> => {
    const { tempo, ...others } = await sandboxSettings("distributed");
    const privacy = { mode: "off", reason: "to compute panels by user" };
    return merge({ ...others, privacy, tempo: { ...tempo, longestAnswer: "30s" } }, changed);
  };

  before(async function () {
    const programs = missing === undefined ? [...backendPrograms, ...distributedPrograms] : [];
    cluster = await openTestCluster(this, "distributed", programs);
    untouched = await objectsThere(cluster.sandbox.api);
    stack = await cluster.openStack(await overrides());
  });

  after(() => cluster?.close());

  describe("on a real Kubernetes API", () => {
    it("is there with exactly the objects that are rendered, every pod ready", async () => {
      await stack.up();
      const { objects } = await planOf("dev", await overrides());
      assert.deepEqual(
        (await objectsThere(cluster.sandbox.api)).filter((name) => !untouched.includes(name)),
        objects.map(({ yaml }) => nameOf(parse(yaml) as KubernetesObject)).sort(),
      );
    });

    it("has nothing to change when previewed again", async () => {
      assert.equal(hasChanges(await stack.preview()), false);
    });

    it("is reached at the monolith's Service: questions at query-frontends, spans at distributors", async () => {
      const ready = await waitFor("the Service's endpoints", 30, async () => {
        const found = await podsByPort(cluster);
        return ["http", "otlp-grpc", "otlp-http"].every((port) => found[port]?.length === 2) && found;
      });
      for (const [port, role] of [
        ["http", "query-frontend"],
        ["otlp-grpc", "distributor"],
        ["otlp-http", "distributor"],
      ] as const) {
        for (const pod of ready[port]!) assert.match(pod, new RegExp(`^tempo-${role}-`));
      }
    });
  });

  if (missing !== undefined) {
    it(`NOT TESTED with its roles: ${missing}`, function () {
      this.skip();
    });
    return;
  }

  describe("with a real Kafka, object storage and a process for each pod", () => {
    let backends: Backends;
    let run: Run;

    before(async function () {
      this.timeout(600_000);
      backends = await cluster.startBackends("deployed", {}, undefined, { hurried: true });
      run = { ...(await countSpans(backends)), several: true };
    });

    describe("in the graphs of the dashboard", () => describeGraphs(() => run));
    describe("in its graphs of Tempo's own metrics", () => describeGraphsOverTime(() => run));
    describe("in its numbers for the whole time range", () => describeTotals(() => run));
    describe("in its topology", () => describeTopology(() => run));
    describe("in its tables", () => describeTables(() => run));
    describe("in queries of README and docs", () => describeDocuments(() => run));
    describe("left out", () => describeExclusions(() => run));
    // Late, since their windows reach over five minutes; and before anything else is sent.
    describe("in the row Objectives", () => describeObjectives(() => run));

    describeFaults("distributed", () => ({
      folder: sandboxFolder(cluster.pairFolder("deployed")),
      guard: cluster.guard,
      tools: cluster.tools,
      prometheus: backends.prometheus,
      settings: overrides,
      deploy: async (changed) => {
        await (await cluster.openStack(await overrides(changed))).up();
      },
      follow: async (replace) => {
        await cluster.startBackends("deployed", {}, undefined, { hurried: true, replace });
      },
    }));
  });
});

/** Pods behind each port of the Service `tempo`. */
async function podsByPort({ sandbox: { api } }: TestCluster): Promise<Record<string, string[]>> {
  interface Slice {
    readonly ports: readonly { readonly name: string }[] | null;
    readonly endpoints: readonly { readonly targetRef?: { readonly name: string } }[] | null;
  }
  const kind = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace: "tracing" };
  const slices = (await api.list(kind, "kubernetes.io/service-name=tempo")) as unknown as Slice[];
  const found = slices.flatMap(({ ports, endpoints }) =>
    (ports ?? []).flatMap(({ name }) => (endpoints ?? []).map(({ targetRef }) => [name, targetRef!.name])),
  );
  return Object.fromEntries(
    [...Map.groupBy(found, ([port]) => port!)].map(([port, pods]) => [port, pods.map(([, pod]) => pod!)]),
  );
}

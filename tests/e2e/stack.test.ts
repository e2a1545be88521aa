import assert from "node:assert/strict";
import { parse } from "yaml";
import { renderEnvironment, type RenderedObject } from "../../engine/rendering.ts";
import { planOf } from "../../cli/up/plan.ts";
import type { ApiClient, KubernetesObject } from "../../clients/kubernetes.ts";
import { hasChanges, type EngineStack } from "../../engine/stack.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { waitFor } from "../../clients/wait.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";
import { missing, nameOf, objectsThere } from "./objects.ts";

const dashboardPath = "/api/v1/namespaces/monitoring/configmaps/llm-tracing-dashboard";
const statefulSetPath = "/apis/apps/v1/namespaces/tracing/statefulsets/tempo";
const collectorPath = "/apis/apps/v1/namespaces/tracing/statefulsets/otel";

describe("stack on a real Kubernetes API", () => {
  let cluster: TestCluster;
  let api: ApiClient;
  let stack: EngineStack;
  let rendered: readonly RenderedObject[];
  let untouched: string[];

  before(async function () {
    cluster = await openTestCluster(this, "stack");
    api = cluster.sandbox.api;
    stack = await cluster.openStack();
    rendered = (await renderEnvironment("dev")).objects;
    untouched = await objectsThere(api);
  });

  after(() => cluster?.close());

  const added = async () => (await objectsThere(api)).filter((name) => !untouched.includes(name));

  it("creates exactly the objects that render wrote", async () => {
    await stack.up();
    assert.deepEqual(
      await added(),
      rendered.map(({ yaml }) => nameOf(parse(yaml) as KubernetesObject)).sort(),
    );
  });

  it("creates each as render wrote it, the server's defaults aside", async () => {
    for (const { yaml } of rendered) {
      const wanted = asStored(parse(yaml) as KubernetesObject);
      const { apiVersion, kind, metadata } = wanted;
      const found = await api.get(
        await api.path({ apiVersion, kind, namespace: metadata.namespace, name: metadata.name }),
      );
      assert.deepEqual(missing(wanted, found), [], nameOf(wanted));
    }
  });

  it("waits until Tempo is ready", async () => {
    const { status } = (await api.get(statefulSetPath)) as unknown as { status: { readyReplicas?: number } };
    assert.equal(status.readyReplicas, 1);
  });

  it("has nothing to change when previewed again", async () => {
    assert.equal(hasChanges(await stack.preview()), false);
  });

  it("updates one ConfigMap in place when a panel's title changes", async () => {
    const changed = await cluster.openStack({ applications: { slowRequest: "10s" } });
    const uid = (await api.get(dashboardPath))?.metadata.uid;
    const changes = await changed.up();
    delete changes["same"];
    assert.deepEqual(changes, { update: 1 });
    const dashboard = (await api.get(dashboardPath)) as KubernetesObject & { data: Record<string, string> };
    assert.equal(dashboard.metadata.uid, uid);
    assert.match(dashboard.data["llm-tracing-dashboard.json"] ?? "", /"title": "Slow Requests \(> 10s\)"/);
    await (await cluster.openStack()).up();
  });

  it("replaces Tempo's ConfigMap and updates its StatefulSet when the retention changes", async () => {
    const configMaps = async () =>
      (await added()).filter((name) => name.startsWith("ConfigMap tracing/tempo-config-"));
    const [old] = await configMaps();
    const uid = (await api.get(statefulSetPath))?.metadata.uid;
    await (await cluster.openStack({ tempo: { retention: "24h" } })).up();
    const [now, ...more] = await configMaps();
    assert.deepEqual(more, []);
    assert.notEqual(now, old);
    const statefulSet = (await api.get(statefulSetPath))!;
    assert.equal(statefulSet.metadata.uid, uid);
    assert.equal(`ConfigMap tracing/${configMapOf(statefulSet)}`, now);
    await (await cluster.openStack()).up();
    assert.deepEqual(await configMaps(), [old]);
  });

  it("creates exactly the objects that make up shows, with what the sandbox changes", async () => {
    const overrides = await sandboxSettings();
    await (await cluster.openStack(overrides)).up();
    const { objects } = await planOf("dev", overrides);
    assert.deepEqual(
      await added(),
      objects.map(({ yaml }) => nameOf(parse(yaml) as KubernetesObject)).sort(),
    );
    await (await cluster.openStack()).up();
  });

  it("leaves the volumes, in their namespace, and nothing else when destroyed", async () => {
    await stack.destroy();
    assert.deepEqual(await added(), [
      "Namespace tracing",
      ...claims.map((name) => `PersistentVolumeClaim tracing/${name}`),
    ]);
  });

  it("goes up again over the volumes that were left", async () => {
    const uids = await claimUids(api);
    await stack.up();
    assert.deepEqual(await claimUids(api), uids);
  });

  it("replaces the collectors and keeps their queues when these are to be larger", async () => {
    const uids = await claimUids(api);
    const uid = (await api.get(collectorPath))?.metadata.uid;
    await (await cluster.openStack({ collector: { queue: { size: "4Gi" } } })).up();
    assert.notEqual((await api.get(collectorPath))?.metadata.uid, uid);
    assert.deepEqual(await claimUids(api), uids);
    await (await cluster.openStack()).up();
  });

  it("says what to do where the cluster has no Prometheus operator, and is deployed without", async () => {
    await stack.destroy();
    for (const kind of ["servicemonitors", "prometheusrules"])
      await api.delete(
        `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${kind}.monitoring.coreos.com`,
      );
    await waitFor(
      "the operator's kinds to be gone",
      60,
      async () => !(await api.get("/apis/monitoring.coreos.com/v1")),
    );
    await assert.rejects(
      stack.up(),
      /^UserError: The cluster of "dev" does not know the kind \w+: it has no Prometheus operator\. Install .*prometheus\.scrape: annotations/,
    );
    const without = { prometheus: { scrape: "annotations" }, alerts: { rules: "none" } };
    await (await cluster.openStack(without)).up();
    assert.equal((await api.get(statefulSetPath))?.metadata.name, "tempo");
  });
});

const claims = ["queue-otel-0", "queue-otel-1", "tempo-data"];

const claimUids = (api: ApiClient): Promise<(string | undefined)[]> =>
  Promise.all(
    claims.map(
      async (name) =>
        (await api.get(`/api/v1/namespaces/tracing/persistentvolumeclaims/${name}`))?.metadata.uid,
    ),
  );

/** Kubernetes keeps a Secret's `stringData` as base64 in `data`. */
function asStored(object: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = object as KubernetesObject & { stringData?: Record<string, string> };
  if (!stringData) return rest;
  const encode = ([key, text]: [string, string]) => [key, Buffer.from(text).toString("base64")];
  return {
    ...rest,
    data: Object.fromEntries(Object.entries(stringData).map(encode)) as Record<string, string>,
  };
}

function configMapOf(statefulSet: KubernetesObject): string | undefined {
  const { spec } = statefulSet as unknown as {
    spec: { template: { spec: { volumes: { configMap?: { name: string } }[] } } };
  };
  return spec.template.spec.volumes.find(({ configMap }) => configMap)?.configMap?.name;
}

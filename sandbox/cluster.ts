import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { ApiClient, KubernetesObject } from "../clients/kubernetes.ts";
import { waitFor } from "../clients/wait.ts";
import { operatorApi } from "../components/kubernetes/metadata.ts";
import type { ToolPaths } from "../tools/ensure.ts";

/** What a cluster has before anyone uses it: one node, and a storage class for claims that name none. */
const seeds: readonly KubernetesObject[] = [
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "sandbox", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "llm-tracing/sandbox",
    reclaimPolicy: "Delete",
    volumeBindingMode: "Immediate",
  },
  {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: "sandbox",
      labels: {
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": "sandbox",
      },
    },
  },
];

/** What a CustomResourceDefinition says, as far as it is looked at here. */
interface Definition {
  readonly names: { readonly kind: string };
}

/** Puts node and storage class into the cluster, and the kinds of the Prometheus operator. */
export async function seedCluster(api: ApiClient, tools: ToolPaths): Promise<void> {
  const folder = tools["prometheus-operator-crds"];
  const definitions = readdirSync(folder).map(
    (file) => parse(readFileSync(path.join(folder, file), "utf8")) as KubernetesObject,
  );
  await Promise.all([...seeds, ...definitions].map((object) => api.apply(object)));
  await waitFor("the kinds of the Prometheus operator", 60, async () => {
    const { groups } = await api.send<{ groups: { name: string }[] }>("GET", "/apis");
    // Each is known before it can be used, and used before its schema is published.
    const schemas = JSON.stringify(await api.send("GET", `/openapi/v3/apis/${operatorApi}`));
    for (const { metadata } of definitions) {
      const [plural] = metadata.name.split(".");
      await api.send("GET", `/apis/${operatorApi}/${plural}`);
    }
    return (
      groups.some(({ name }) => operatorApi.startsWith(`${name}/`)) &&
      definitions.every(({ spec }) => schemas.includes(`.v1.${(spec as Definition).names.kind}`))
    );
  });
}

/** Creates namespaces that are someone else's to create in a real cluster, such as Grafana's. */
export async function createNamespaces(api: ApiClient, names: readonly string[]): Promise<void> {
  await Promise.all(
    names.map((name) => api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
  );
}

/**
 * Waits until pods can be created and become ready.
 *
 * @throws UserError when that takes over a minute
 */
export async function clusterReady(api: ApiClient): Promise<void> {
  await waitFor("the sandbox's node to be ready", 60, async () =>
    isReady(await api.get("/api/v1/nodes/sandbox")),
  );
  const account = "/api/v1/namespaces/default/serviceaccounts/default";
  await waitFor("the sandbox's service accounts", 60, async () => (await api.get(account)) !== undefined);
}

function isReady(node: KubernetesObject | undefined): boolean {
  const status = node?.["status"] as { conditions?: { type: string; status: string }[] } | undefined;
  return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

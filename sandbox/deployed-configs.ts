import type { ApiClient, KubernetesObject } from "../clients/kubernetes.ts";
import { collectorName } from "../components/collector/ports.ts";
import { tempoName } from "../components/tempo/ports.ts";
import { UserError } from "../errors.ts";
import { deployedRoles, type RolePod } from "./deployed-roles.ts";

/** What is deployed: the configuration of Tempo, its pods where it is distributed, and the configuration of each replica of the collector. */
export interface Deployed {
  readonly tempo: string;
  /** None of a monolithic Tempo. */
  readonly pods: readonly RolePod[];
  readonly collectors: readonly string[];
}

/**
 * Reads it from the ConfigMaps that the StatefulSets mount.
 *
 * @throws UserError where no stack is deployed
 */
export async function deployedIn(api: ApiClient): Promise<Deployed> {
  const [monolith, collector, pods] = await Promise.all([
    deployedConfig(api, tempoName, "tempo.yaml"),
    deployedConfig(api, collectorName, "collector.yaml"),
    deployedRoles(api),
  ]);
  const [pod] = pods;
  const tempo = pod ? await textIn(api, pod.namespace, pod.configMap, "tempo.yaml") : monolith?.text;
  if (tempo === undefined) throw new UserError("There is no Tempo in the sandbox: deploy the stack first.");
  return {
    tempo,
    pods,
    collectors: Array<string>(collector?.replicas ?? 0).fill(collector?.text ?? ""),
  };
}

async function deployedConfig(api: ApiClient, name: string, file: string) {
  const [statefulSet] = (await api.list({ apiVersion: "apps/v1", kind: "StatefulSet" })).filter(
    ({ metadata }) => metadata.name === name,
  );
  if (!statefulSet) return undefined;
  const mounted = mountedConfigMap(statefulSet);
  const text = await textIn(api, statefulSet.metadata.namespace, mounted, file);
  return { text, replicas: (statefulSet["spec"] as { replicas: number }).replicas };
}

async function textIn(
  api: ApiClient,
  namespace: string | undefined,
  name: string | undefined,
  file: string,
): Promise<string> {
  const configMap = await api.get<{ data: Record<string, string> }>(
    `/api/v1/namespaces/${namespace}/configmaps/${name}`,
  );
  const text = configMap?.data[file];
  if (!text) throw new UserError(`The ConfigMap ${namespace}/${name}, which is mounted, has no ${file}.`);
  return text;
}

function mountedConfigMap(statefulSet: KubernetesObject): string | undefined {
  const { template } = statefulSet["spec"] as {
    template: { spec: { volumes: { name: string; configMap?: { name: string } }[] } };
  };
  return template.spec.volumes.find(({ name }) => name === "config")?.configMap?.name;
}

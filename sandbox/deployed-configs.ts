import type { ApiClient, KubernetesObject } from "../clients/kubernetes.ts";
import { collectorName } from "../components/collector/ports.ts";
import { tempoName } from "../components/tempo/roles.ts";
import { UserError } from "../errors.ts";

/** What is deployed: the configuration of Tempo, and that of each replica of the collector. */
export interface Deployed {
  readonly tempo: string;
  readonly collectors: readonly string[];
}

/**
 * Reads it from the ConfigMaps that the StatefulSets mount.
 *
 * @throws UserError where no stack is deployed
 */
export async function deployedIn(api: ApiClient): Promise<Deployed> {
  const [tempo, collector] = await Promise.all([
    deployedConfig(api, tempoName, "tempo.yaml"),
    deployedConfig(api, collectorName, "collector.yaml"),
  ]);
  if (tempo === undefined)
    throw new UserError("There is no StatefulSet tempo in the sandbox: deploy the stack first.");
  return {
    tempo: tempo.text,
    collectors: Array<string>(collector?.replicas ?? 0).fill(collector?.text ?? ""),
  };
}

async function deployedConfig(api: ApiClient, name: string, file: string) {
  const [statefulSet] = (await api.list({ apiVersion: "apps/v1", kind: "StatefulSet" })).filter(
    ({ metadata }) => metadata.name === name,
  );
  if (!statefulSet) return undefined;
  const mounted = mountedConfigMap(statefulSet);
  const namespace = statefulSet.metadata.namespace;
  const configMap = await api.get<{ data: Record<string, string> }>(
    `/api/v1/namespaces/${namespace}/configmaps/${mounted}`,
  );
  const text = configMap?.data[file];
  if (!text) throw new UserError(`The ConfigMap ${namespace}/${mounted} that ${name} mounts has no ${file}.`);
  return { text, replicas: (statefulSet["spec"] as { replicas: number }).replicas };
}

function mountedConfigMap(statefulSet: KubernetesObject): string | undefined {
  const { template } = statefulSet["spec"] as {
    template: { spec: { volumes: { name: string; configMap?: { name: string } }[] } };
  };
  return template.spec.volumes.find(({ name }) => name === "config")?.configMap?.name;
}

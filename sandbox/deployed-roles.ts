import type { ApiClient, KubernetesObject } from "../clients/kubernetes.ts";
import { waitFor } from "../clients/wait.ts";
import { tempoName } from "../components/tempo/ports.ts";

/** A pod of a distributed Tempo, as far as a process can be one. */
export interface RolePod {
  readonly name: string;
  readonly namespace: string;
  /** What it is told to be by `-target`. */
  readonly role: string;
  readonly arguments: readonly string[];
  /** Its variables; those with the pod's address and those of Secrets by what they refer to. */
  readonly environment: readonly Variable[];
  readonly configMap: string;
  /** Names that lead to it, those of its Services and its own. */
  readonly hostNames: readonly string[];
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: { readonly fieldPath: string };
    readonly secretKeyRef?: { readonly name: string; readonly key: string };
  };
}

type Labels = Readonly<Record<string, string>>;

interface Placed {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly generation: number;
    readonly labels?: Labels;
    readonly deletionTimestamp?: string;
  };
}

interface Workload extends Placed {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly observedGeneration?: number } & Readonly<
    Partial<Record<"replicas" | "updatedReplicas" | "readyReplicas", number>>
  >;
}

interface Service extends Placed {
  readonly spec: { readonly clusterIP: string; readonly selector?: Labels };
}

interface Pod extends Placed {
  readonly spec: {
    readonly containers: readonly {
      readonly name: string;
      readonly args?: readonly string[];
      readonly env?: readonly Variable[];
    }[];
    readonly volumes: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
  };
}

/** How many partitions are written to: each has a block-builder. */
export const partitionsOf = (pods: readonly RolePod[]): number =>
  pods.filter(({ role }) => role === "block-builder").length;

/**
 * The pods of a distributed Tempo, in the order of their names, when as many are there as are wanted; none where it is monolithic.
 *
 * @throws UserError when they are not there within a minute
 */
export async function deployedRoles(api: ApiClient): Promise<readonly RolePod[]> {
  const ofTempo = `app.kubernetes.io/name=${tempoName}`;
  const listed = async <T>(apiVersion: string, kind: string, labels = ofTempo) =>
    (await api.list({ apiVersion, kind }, labels)) as unknown as (T & KubernetesObject)[];
  const pods = await waitFor("the pods of Tempo", 60, async () => {
    const kinds = ["Deployment", "StatefulSet"].map((kind) => listed<Workload>("apps/v1", kind));
    const workloads = (await Promise.all(kinds)).flat();
    const wanted = workloads.reduce((sum, { spec }) => sum + spec.replicas, 0);
    // Those of a workload that is gone stay for a moment.
    const there = (await listed<Pod>("v1", "Pod")).filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );
    return workloads.every(isSettled) && there.length === wanted && there;
  });
  const services = await listed<Service>("v1", "Service");
  return pods
    .flatMap((pod) => rolePod(pod, services))
    .toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

const isSettled = ({ metadata, spec, status }: Workload): boolean =>
  status.observedGeneration === metadata.generation &&
  [status.replicas, status.updatedReplicas, status.readyReplicas].every(
    (count = 0) => count === spec.replicas,
  );

function rolePod({ metadata, spec }: Pod, services: readonly Service[]): RolePod[] {
  const { name, namespace, labels = {} } = metadata;
  const container = spec.containers.find((each) => each.name === "tempo");
  const role = container?.args?.find((each) => each.startsWith("-target="))?.slice("-target=".length);
  const configMap = spec.volumes.find((volume) => volume.name === "config")?.configMap?.name;
  if (role === undefined || role === "all" || configMap === undefined) return [];
  const { args = [], env = [] } = container!;
  const selecting = services.filter(
    (service) =>
      service.metadata.namespace === namespace &&
      service.spec.clusterIP === "None" &&
      Object.entries(service.spec.selector ?? {}).every(([key, value]) => labels[key] === value),
  );
  const hostNames = [
    name,
    ...selecting.flatMap(({ metadata: { name: service } }) => [
      `${service}.${namespace}.svc`,
      `${service}.${namespace}.svc.cluster.local`,
    ]),
  ];
  return [{ name, namespace, role, arguments: args, environment: env, configMap, hostNames }];
}

import type { ApiClient, KubernetesObject } from "../../clients/kubernetes.ts";

/** Kinds that the cluster makes by itself, without an owner that says so. */
const clusterOwn = new Set([
  "Event",
  "Lease",
  "Endpoints",
  "EndpointSlice",
  "PersistentVolume",
  "ComponentStatus",
  "IPAddress",
]);

/** Objects that Kubernetes puts into every namespace. */
const inEveryNamespace = new Set(["ServiceAccount/default", "ConfigMap/kube-root-ca.crt"]);

/** Every object of the cluster that somebody put there, as `Kind namespace/name`: no claim that a StatefulSet which is there made. */
export async function objectsThere(api: ApiClient): Promise<string[]> {
  const kinds = (await api.kinds()).filter(({ kind }) => !clusterOwn.has(kind));
  const lists = await Promise.all(kinds.map((kind) => api.list(kind)));
  const all = lists.flat();
  const claims = all.flatMap(claimsOf);
  const names = all
    .filter(
      ({ kind, metadata }) =>
        !metadata["ownerReferences"] && !inEveryNamespace.has(`${kind}/${metadata.name}`),
    )
    .map(nameOf)
    .filter((name) => !claims.includes(name.replace(/\d+$/, "")));
  return [...new Set(names)].sort();
}

/** The claims that a StatefulSet makes and does not own, but for the pod's number at their end. */
function claimsOf(object: KubernetesObject): string[] {
  if (object.kind !== "StatefulSet") return [];
  const { metadata, spec } = object as KubernetesObject & {
    spec: { volumeClaimTemplates?: { metadata: { name: string } }[] };
  };
  return (spec.volumeClaimTemplates ?? []).map(
    ({ metadata: { name } }) => `PersistentVolumeClaim ${metadata.namespace}/${name}-${metadata.name}-`,
  );
}

/** `Kind namespace/name`. */
export const nameOf = ({ kind, metadata }: Pick<KubernetesObject, "kind" | "metadata">): string =>
  `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ""}${metadata.name}`;

/** The paths at which an object lacks, or has otherwise, what is wanted of it; what it has beyond that is the server's. */
export function missing(wanted: unknown, found: unknown, path = ""): string[] {
  if (Array.isArray(wanted)) {
    const list = Array.isArray(found) ? (found as unknown[]) : [];
    if (list.length !== wanted.length) return [`${path}: ${list.length} items instead of ${wanted.length}`];
    return wanted.flatMap((item, index) => missing(item, list[index], `${path}[${index}]`));
  }
  if (wanted && typeof wanted === "object") {
    const members = (found ?? {}) as Record<string, unknown>;
    return Object.entries(wanted).flatMap(([key, value]) => missing(value, members[key], `${path}.${key}`));
  }
  return wanted === found ? [] : [`${path}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`];
}

import { namespaceOfService } from "../service-url.ts";
import type { Settings } from "../settings.ts";

/**
 * Every flow of traffic that settings declare, one edge each: direction, other side and port, in words such as
 * `in from namespace litellm, TCP 4317`. Told from the settings alone, not from the policies that should allow it.
 *
 * Ports: 4317 and 4318 are OTLP's (opentelemetry.io/docs/specs/otlp), 3200 is Tempo's HTTP API.
 *
 * @param storageUrl - Where blocks are kept, if that is not the data volume.
 */
export function flowsOf(settings: Settings, storageUrl: string | undefined): ReadonlySet<string> {
  const { cluster, tempo, prometheus, grafana, applications } = settings;
  const remoteWrite = prometheus.remoteWriteUrl ?? `${prometheus.url}/api/v1/write`;
  return new Set([
    ...applications.namespaces.flatMap((namespace) => into([podsOf(namespace)], [4317, 4318])),
    ...into(
      [grafana, prometheus].map(({ namespace, podLabels }) => podsOf(namespace, podLabels)),
      [3200],
    ),
    // OpenShift's DNS pods listen on 5353 (openshift/cluster-dns-operator).
    ...outOf([podsOf("kube-system"), ...cluster.dnsAddresses.map(addresses)], ["UDP 53", "TCP 53"]),
    ...outOf([podsOf("openshift-dns")], ["UDP 5353", "TCP 5353"]),
    ...toServer(remoteWrite, prometheus),
    ...(storageUrl === undefined ? [] : toServer(storageUrl)),
    // GKE's workload identity (cloud.google.com/kubernetes-engine/docs/how-to/network-policy).
    ...(tempo.storage.backend === "gcs"
      ? outOf(["169.254.169.252/32", "169.254.169.254/32"].map(addresses), ["TCP 988", "TCP 80"])
      : []),
  ]);
}

/** An edge of a network policy, in the words of {@link flowsOf}. */
export const edge = (direction: "in from" | "out to", peer: string, port: string): string =>
  `${direction} ${peer}, ${port}`;

/** Pods of a namespace, in the words of an edge. */
export const podsOf = (namespace: string, labels: Readonly<Record<string, unknown>> = {}): string =>
  [
    `namespace ${namespace}`,
    ...Object.entries(labels)
      .map(([key, value]) => `${key}=${String(value)}`)
      .sort(),
  ].join(" ");

/** A range of addresses, in the words of an edge. */
export const addresses = (cidr: string): string => `addresses ${cidr}`;

/** Stands for every port, in the words of an edge. */
export const anyPort = "any port";

const into = (peers: readonly string[], ports: readonly number[]): string[] =>
  peers.flatMap((peer) => ports.map((port) => edge("in from", peer, `TCP ${port}`)));

const outOf = (peers: readonly string[], ports: readonly string[]): string[] =>
  peers.flatMap((peer) => ports.map((port) => edge("out to", peer, port)));

/** A Service's pods may listen on another port than the Service, so any is allowed; outside the cluster, one. */
function toServer(url: string, known?: Pick<Settings["prometheus"], "namespace" | "podLabels">): string[] {
  const { port, protocol } = new URL(url);
  const namespace = namespaceOfService(url);
  if (namespace !== undefined) {
    return outOf([podsOf(namespace, namespace === known?.namespace ? known.podLabels : {})], [anyPort]);
  }
  return outOf(["0.0.0.0/0", "::/0"].map(addresses), [`TCP ${port || (protocol === "https:" ? 443 : 80)}`]);
}

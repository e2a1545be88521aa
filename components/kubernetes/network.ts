import type { types } from "@pulumi/kubernetes";
import { namespaceOfService } from "../../service-url.ts";

type PolicyPeer = types.input.networking.v1.NetworkPolicyPeer;
type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;
type Labels = Readonly<Record<string, string>>;

/** Pods of a namespace, by their labels. */
export interface Pods {
  readonly namespace: string;
  readonly podLabels: Labels;
}

/** Pods of a namespace; all of them when no labels are given. */
export const podsIn = (namespace: string, podLabels?: Labels): PolicyPeer => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  ...(podLabels && { podSelector: { matchLabels: podLabels } }),
});

/**
 * Name look-ups at the cluster's DNS: any pod of `kube-system` on port 53 (kube-dns, CoreDNS, the node-local caches of GKE's
 * Dataplane V2), OpenShift's pods on their own port (openshift/cluster-dns-operator), and DNS servers that are no pods.
 *
 * @param addresses - Address ranges of DNS servers that no selector finds, since they use the node's network.
 */
export const toDns = (addresses: readonly string[]): EgressRule[] => [
  {
    to: [podsIn("kube-system"), ...addresses.map((cidr) => ({ ipBlock: { cidr } }))],
    ports: udpAndTcp(53),
  },
  { to: [podsIn("openshift-dns")], ports: udpAndTcp(5353) },
];

const udpAndTcp = (port: number) => ["UDP", "TCP"].map((protocol) => ({ protocol, port }));

/**
 * Traffic to a server given by URL. A Service of the cluster (`name.namespace.svc…`, or `http://name.namespace`) is matched by its
 * namespace, and by its pods when they are known, on any port: a policy sees the pod's port, which the Service may
 * map. Anything else is matched by port.
 */
export function toServer(url: string, known?: Pods): EgressRule {
  const { port, protocol } = new URL(url);
  const namespace = namespaceOfService(url);
  if (namespace)
    return { to: [podsIn(namespace, namespace === known?.namespace ? known.podLabels : undefined)] };
  return {
    to: [{ ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }],
    ports: [{ protocol: "TCP", port: Number(port) || (protocol === "https:" ? 443 : 80) }],
  };
}

import type { types } from "@pulumi/kubernetes";
import { namespaceOfService, nodeAddresses, portOf } from "../../service-url.ts";

type PolicyPeer = types.input.networking.v1.NetworkPolicyPeer;
type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;
type Labels = Readonly<Record<string, string>>;

/** Pods of a namespace, by their labels. */
export interface Pods {
  readonly namespace: string;
  /** @default every pod */
  readonly podLabels?: Labels;
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

/** A server, and what is known of it beyond its address. */
interface Server {
  readonly url: string;
  /** Its pods, where it may be a Service of theirs. */
  readonly pods?: Pods;
  /**
   * Port of its pods.
   *
   * @default that of the address
   */
  readonly podPort?: number;
}

/**
 * Traffic to a server given by URL. A Service of the cluster (`name.namespace.svc…`, or `http://name.namespace`) is matched by its
 * namespace, by its pods when they are known, and by their port: a policy does not see the Service's, which may map it.
 * Anything else may be anywhere, also at private addresses, but not at those of the node.
 */
export function toServer({ url, pods, podPort = portOf(url) }: Server): EgressRule {
  const namespace = namespaceOfService(url);
  const to = namespace
    ? [podsIn(namespace, namespace === pods?.namespace ? pods.podLabels : undefined)]
    : [
        { ipBlock: { cidr: "0.0.0.0/0", except: [...nodeAddresses.ipv4] } },
        { ipBlock: { cidr: "::/0", except: [...nodeAddresses.ipv6] } },
      ];
  return { to, ports: [tcp(podPort)] };
}

/** A port of TCP. */
export const tcp = (port: number): types.input.networking.v1.NetworkPolicyPort => ({ protocol: "TCP", port });

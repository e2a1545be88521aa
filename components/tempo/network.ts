import type { types } from "@pulumi/kubernetes";
import { podsIn, tcp, toDns, toServer, type Pods } from "../kubernetes/network.ts";
import { otlpPorts } from "../kubernetes/otlp.ts";
import { namespaceOfService } from "../../service-url.ts";
import type { TempoRole } from "../../telemetry/tempo-roles.ts";
import type { Kafka, TempoArgs } from "./args.ts";
import { remoteWriteUrl } from "../kubernetes/remote-write.ts";
import { ports } from "./ports.ts";
import { askers, gossipers, roles, rolePods } from "./roles.ts";
import { storageUrl } from "./storage.ts";

type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;
type PolicySpec = types.input.networking.v1.NetworkPolicySpec;

type IngressRule = types.input.networking.v1.NetworkPolicyIngressRule;

type NetworkArgs = Pick<TempoArgs, "senders" | "grafana" | "prometheus" | "dnsAddresses" | "storage">;

/** Refuses all traffic of every pod in the namespace that no other policy allows. */
export const denyAll: PolicySpec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/**
 * All that a monolithic Tempo's pod may talk to. In: traces from their senders, questions from Grafana, scrapes from
 * Prometheus if any. Out: DNS, Prometheus, object storage.
 */
export const monolithPolicy = (args: NetworkArgs, podLabels: Record<string, string>): PolicySpec => ({
  podSelector: { matchLabels: podLabels },
  policyTypes: ["Ingress", "Egress"],
  ingress: [fromSenders(args), from([args.grafana, ...scrapers(args)], ports.http)],
  egress: [...toDns(args.dnsAddresses), toRemoteWrite(args), ...toStorage(args.storage)],
});

/** All that the pods of a role may talk to: each edge belongs to what {@link roles} says of it, or of who asks it. */
export function rolePolicy(
  args: NetworkArgs & Pick<TempoArgs, "namespace"> & Required<Pick<TempoArgs, "distributed">>,
  role: TempoRole,
): PolicySpec {
  const { takesSpans, answers, writesMetrics, kafka, storage, gossip, asks } = roles[role];
  const podsOf = (others: readonly TempoRole[]): Pods[] =>
    others.map((other) => ({ namespace: args.namespace, podLabels: rolePods(other) }));
  const to = (others: readonly TempoRole[], port: number): EgressRule[] =>
    others.length === 0
      ? []
      : [{ to: podsOf(others).map((pods) => podsIn(pods.namespace, pods.podLabels)), ports: [tcp(port)] }];
  const users = [...(answers ? [args.grafana] : []), ...scrapers(args)];
  const asking = askers(role);
  const others = gossip ? gossipers : [];
  return {
    podSelector: { matchLabels: rolePods(role) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      ...(takesSpans ? [fromSenders(args)] : []),
      ...(users.length > 0 ? [from(users, ports.http)] : []),
      ...(asking.length > 0 ? [from(podsOf(asking), ports.grpc)] : []),
      ...(gossip ? [from(podsOf(others), ports.gossip)] : []),
    ],
    egress: [
      ...toDns(args.dnsAddresses),
      ...to(asks, ports.grpc),
      ...to(others, ports.gossip),
      ...(kafka ? [toKafka(args.distributed.kafka)] : []),
      ...(writesMetrics ? [toRemoteWrite(args)] : []),
      ...(storage ? toStorage(args.storage) : []),
    ],
  };
}

const from = (pods: readonly Pods[], port: number): IngressRule => ({
  from: pods.map(({ namespace, podLabels }) => podsIn(namespace, podLabels)),
  ports: [tcp(port)],
});

const fromSenders = ({ senders }: NetworkArgs): IngressRule => ({
  from: senders.map(({ namespace, podLabels }) => podsIn(namespace, podLabels)),
  ports: [tcp(otlpPorts.grpc), tcp(otlpPorts.http)],
});

const scrapers = ({ prometheus }: NetworkArgs): Pods[] => (prometheus.scrape === "none" ? [] : [prometheus]);

const toRemoteWrite = ({ prometheus }: NetworkArgs): EgressRule =>
  toServer({ url: remoteWriteUrl(prometheus), pods: prometheus, podPort: prometheus.podPort });

/** Its brokers, which tell each other's addresses: on one port. */
function toKafka({ address, podLabels, podPort }: Kafka): EgressRule {
  const url = `http://${address}`;
  const namespace = namespaceOfService(url);
  return toServer({ url, podPort, ...(namespace && { pods: { namespace, podLabels } }) });
}

function toStorage(storage: TempoArgs["storage"]): EgressRule[] {
  const url = storageUrl(storage);
  if (!url) return [];
  switch (storage.backend) {
    case "s3":
      // The keys of IRSA come from AWS STS, on 443 as S3 itself.
      return [
        toServer({ url, podPort: storage.podPort }),
        ...(storage.podIdentity ? [toPodIdentityAgent] : []),
      ];
    case "gcs":
      return [toServer({ url }), ...toGoogleMetadata];
    case "azure":
    case "local":
      return [toServer({ url })];
  }
}

/**
 * Where GKE gives a workload its identity; the second is Dataplane V2's
 * (cloud.google.com/kubernetes-engine/docs/how-to/workload-identity).
 */
const toGoogleMetadata: EgressRule[] = [
  { to: [{ ipBlock: { cidr: "169.254.169.252/32" } }], ports: [tcp(987), tcp(988)] },
  { to: [{ ipBlock: { cidr: "169.254.169.254/32" } }], ports: [tcp(80), tcp(8080)] },
];

/** The agent of EKS Pod Identity on each node (docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html). */
const toPodIdentityAgent: EgressRule = {
  to: [{ ipBlock: { cidr: "169.254.170.23/32" } }, { ipBlock: { cidr: "fd00:ec2::23/128" } }],
  ports: [tcp(80)],
};

import type { types } from "@pulumi/kubernetes";
import { podsIn, tcp, toDns, toServer } from "../kubernetes/network.ts";
import { otlpPorts } from "../kubernetes/otlp.ts";
import type { TempoArgs } from "./args.ts";
import { remoteWriteUrl } from "../kubernetes/remote-write.ts";
import { ports } from "./ports.ts";
import { storageUrl } from "./storage.ts";

type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;
type PolicySpec = types.input.networking.v1.NetworkPolicySpec;

type NetworkArgs = Pick<TempoArgs, "senders" | "grafana" | "prometheus" | "dnsAddresses" | "storage">;

/** Refuses all traffic of every pod in the namespace that no other policy allows. */
export const denyAll: PolicySpec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/**
 * All that Tempo's pod may talk to. In: traces from their senders, questions from Grafana, scrapes from
 * Prometheus if any. Out: DNS, Prometheus, object storage.
 */
export function tempoPolicy(args: NetworkArgs, podLabels: Record<string, string>): PolicySpec {
  const { grafana, prometheus } = args;
  return {
    podSelector: { matchLabels: podLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: args.senders.map(({ namespace, podLabels }) => podsIn(namespace, podLabels)),
        ports: [tcp(otlpPorts.grpc), tcp(otlpPorts.http)],
      },
      {
        from: [grafana, ...(prometheus.scrape === "none" ? [] : [prometheus])].map((pods) =>
          podsIn(pods.namespace, pods.podLabels),
        ),
        ports: [tcp(ports.http)],
      },
    ],
    egress: [
      ...toDns(args.dnsAddresses),
      toServer({ url: remoteWriteUrl(prometheus), pods: prometheus, podPort: prometheus.podPort }),
      ...toStorage(args.storage),
    ],
  };
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

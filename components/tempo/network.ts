import type { types } from "@pulumi/kubernetes";
import { podsIn, toDns, toServer } from "../kubernetes/network.ts";
import type { TempoArgs } from "./args.ts";
import { remoteWriteUrl } from "./generator.ts";
import { ports } from "./ports.ts";
import { storageUrl } from "./storage.ts";

type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;
type PolicySpec = types.input.networking.v1.NetworkPolicySpec;

type NetworkArgs = Pick<
  TempoArgs,
  "applicationNamespaces" | "grafana" | "prometheus" | "dnsAddresses" | "storage"
>;

/** Refuses all traffic of every pod in the namespace that no other policy allows. */
export const denyAll: PolicySpec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/**
 * All that Tempo's pod may talk to. In: traces from the applications, questions from Grafana, scrapes from
 * Prometheus. Out: DNS, Prometheus, object storage.
 */
export function tempoPolicy(args: NetworkArgs, podLabels: Record<string, string>): PolicySpec {
  const { grafana, prometheus } = args;
  return {
    podSelector: { matchLabels: podLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: args.applicationNamespaces.map((namespace) => podsIn(namespace)),
        ports: [tcp(ports.otlpGrpc), tcp(ports.otlpHttp)],
      },
      {
        from: [
          podsIn(grafana.namespace, grafana.podLabels),
          podsIn(prometheus.namespace, prometheus.podLabels),
        ],
        ports: [tcp(ports.http)],
      },
    ],
    egress: [
      ...toDns(args.dnsAddresses),
      toServer(remoteWriteUrl(prometheus), prometheus),
      ...toStorage(args.storage),
    ],
  };
}

function toStorage(storage: TempoArgs["storage"]): EgressRule[] {
  const url = storageUrl(storage);
  if (!url) return [];
  return storage.backend === "gcs" ? [toServer(url), toGoogleMetadata] : [toServer(url)];
}

/** Where GKE's workload identity gives tokens (cloud.google.com/kubernetes-engine: network policy and workload identity). */
const toGoogleMetadata: EgressRule = {
  to: [{ ipBlock: { cidr: "169.254.169.252/32" } }, { ipBlock: { cidr: "169.254.169.254/32" } }],
  ports: [tcp(988), tcp(80)],
};

function tcp(port: number): types.input.networking.v1.NetworkPolicyPort {
  return { protocol: "TCP", port };
}

import type { types } from "@pulumi/kubernetes";
import { podsIn, tcp, toDns, toServer } from "../kubernetes/network.ts";
import { remoteWriteUrl } from "../kubernetes/remote-write.ts";
import { otlpPorts } from "../kubernetes/otlp.ts";
import type { CollectorArgs } from "./args.ts";
import { toOpenobserve } from "./openobserve.ts";
import { ports } from "./ports.ts";

type NetworkArgs = Pick<CollectorArgs, "applications" | "tempo" | "logs" | "prometheus" | "dnsAddresses">;

/**
 * All that a collector's pod may talk to. In: telemetry from the applications, scrapes from Prometheus if any. Out: DNS, Tempo,
 * Prometheus, OpenObserve if it has logs.
 */
export const collectorPolicy = (
  { applications, tempo, logs, prometheus, dnsAddresses }: NetworkArgs,
  podLabels: Record<string, string>,
): types.input.networking.v1.NetworkPolicySpec => ({
  podSelector: { matchLabels: podLabels },
  policyTypes: ["Ingress", "Egress"],
  ingress: [
    {
      from: applications.map(({ namespace, podLabels }) => podsIn(namespace, podLabels)),
      ports: [tcp(otlpPorts.grpc), tcp(otlpPorts.http)],
    },
    ...(prometheus.scrape === "none"
      ? []
      : [{ from: [podsIn(prometheus.namespace, prometheus.podLabels)], ports: [tcp(ports.metrics)] }]),
  ],
  egress: [
    ...toDns(dnsAddresses),
    { to: [podsIn(tempo.namespace, tempo.podLabels)], ports: [tcp(otlpPorts.http)] },
    ...(logs ? [toOpenobserve(logs)] : []),
    toServer({ url: remoteWriteUrl(prometheus), pods: prometheus, podPort: prometheus.podPort }),
  ],
});

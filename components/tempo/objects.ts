import { tempoVolumeClaim } from "../../telemetry/tempo-target.ts";
import { configMap } from "../kubernetes/config-map.ts";
import { annotations, keptAnnotations, labels, selectorLabels } from "../kubernetes/metadata.ts";
import { otlpServicePorts } from "../kubernetes/otlp.ts";
import type { PlannedObject } from "../kubernetes/planned.ts";
import { releaseObject } from "../kubernetes/release.ts";
import { serviceMonitor, unscrapedLabel } from "../kubernetes/scraping.ts";
import { restrictedNamespace } from "../kubernetes/security.ts";
import type { TempoArgs } from "./args.ts";
import { tempoConfig } from "./config.ts";
import { distributedWorkloads } from "./distributed.ts";
import { denyAll, monolithPolicy } from "./network.ts";
import { ports, tempoName } from "./ports.ts";
import { monolithPod } from "./pod.ts";
import { roleName } from "./roles.ts";

const headlessName = `${tempoName}-headless`;

/** Everything that Tempo is in a cluster: the one list of it. Whatever runs it, its Service has the same addresses. */
export function tempoObjects(args: TempoArgs): Readonly<Record<string, PlannedObject>> {
  const { namespace, distributed } = args;
  const metadata = metadataIn(namespace);
  const { scrape, operatorLabels } = args.prometheus;
  const config = configMap(`${tempoName}-config`, "tempo.yaml", tempoConfig(args));
  const after = ["namespace"] as const;
  return {
    ...(args.createNamespace && closedNamespace(namespace, metadata("deny-all"))),
    // It has no token, but may carry a workload's identity.
    serviceAccount: {
      kind: "ServiceAccount",
      name: tempoName,
      object: {
        metadata: {
          ...metadata(tempoName),
          annotations: { ...annotations(), ...args.serviceAccountAnnotations },
        },
        automountServiceAccountToken: false,
      },
      after,
    },
    configMap: {
      kind: "ConfigMap",
      name: `${tempoName}-config`,
      object: { metadata: metadata(config.name), ...config.content },
      after,
    },
    release: { kind: "ConfigMap", name: "release", object: releaseObject(namespace), after },
    ...(distributed
      ? distributedWorkloads({ ...args, distributed }, config.name)
      : monolith(args, config.name)),
    // After the workload: Pulumi waits until a Service has endpoints.
    service: {
      kind: "Service",
      name: tempoName,
      object: { metadata: metadata(tempoName), spec: serviceSpec(args) },
      after: ["namespace", "statefulSet", ...serving.map(roleName)],
    },
    ...(scrape === "serviceMonitor" && {
      serviceMonitor: {
        kind: "ServiceMonitor",
        name: tempoName,
        object: serviceMonitor(
          { ...metadata(tempoName), labels: { ...operatorLabels, ...labels(tempoName, "tracing-backend") } },
          { selector: selectorLabels(tempoName), port: distributed ? "metrics" : "http" },
        ),
        after,
      },
    }),
  };
}

/** Whom the Service leads to: by names of ports, which others have not. */
const serving = ["distributor", "query-frontend"] as const;

type Metadata = ReturnType<ReturnType<typeof metadataIn>>;

const metadataIn = (namespace: string) => (name: string) => ({
  name,
  namespace,
  labels: labels(tempoName, "tracing-backend"),
  annotations: annotations(),
});

/** The one pod of a monolithic Tempo, its volume and what lets it be reached. */
function monolith(args: TempoArgs, configMapName: string) {
  const metadata = metadataIn(args.namespace);
  const after = ["namespace"] as const;
  return {
    claim: {
      kind: "PersistentVolumeClaim",
      name: tempoVolumeClaim,
      object: claim(metadata(tempoVolumeClaim), args.volume),
      options: { retainOnDelete: true, protect: args.volume.protect },
      after,
    },
    policy: {
      kind: "NetworkPolicy",
      name: tempoName,
      object: { metadata: metadata(tempoName), spec: monolithPolicy(args, selectorLabels(tempoName)) },
      after,
    },
    // Gives the StatefulSet's pod its name.
    headlessService: {
      kind: "Service",
      name: headlessName,
      object: {
        metadata: {
          ...metadata(headlessName),
          labels: { ...labels(tempoName, "tracing-backend"), ...unscrapedLabel },
        },
        spec: {
          clusterIP: "None",
          publishNotReadyAddresses: true,
          selector: selectorLabels(tempoName),
          ports: [{ name: "http", port: ports.http, targetPort: "http" }],
        },
      },
      after,
    },
    statefulSet: {
      kind: "StatefulSet",
      name: tempoName,
      object: {
        metadata: metadata(tempoName),
        spec: {
          // Several would each schedule the same compactions.
          replicas: 1,
          serviceName: headlessName,
          selector: { matchLabels: selectorLabels(tempoName) },
          template: monolithPod(args, {
            labels: labels(tempoName, "tracing-backend"),
            serviceAccountName: tempoName,
            configMapName,
            claimName: tempoVolumeClaim,
          }),
        },
      },
      after: ["namespace", "serviceAccount", "configMap", "claim", "headlessService"],
    },
  } as const satisfies Readonly<Record<string, PlannedObject>>;
}

/**
 * A namespace in which only restricted pods run and nobody talks to anybody unless a policy allows it. It holds the data
 * volume, so it outlives the stack as that does.
 */
const closedNamespace = (name: string, metadata: Metadata) =>
  ({
    namespace: {
      kind: "Namespace",
      name,
      object: {
        metadata: {
          name,
          labels: { ...labels(name, "namespace"), ...restrictedNamespace },
          annotations: keptAnnotations(),
        },
      },
      options: { retainOnDelete: true },
    },
    denyAll: {
      kind: "NetworkPolicy",
      name: metadata.name,
      object: { metadata, spec: denyAll },
      after: ["namespace"],
    },
  }) as const;

const claim = (metadata: Metadata, { size, storageClass }: TempoArgs["volume"]) => ({
  // Whether it is bound shows in the StatefulSet; with WaitForFirstConsumer it is not before there is a pod.
  metadata: { ...metadata, annotations: { ...keptAnnotations(), "pulumi.com/skipAwait": "true" } },
  spec: {
    accessModes: ["ReadWriteOnce"],
    storageClassName: storageClass,
    resources: { requests: { storage: size.text } },
  },
});

/** Of the Service that senders and Grafana talk to. In a distributed Tempo the names of its ports lead to distributors and query-frontends. */
const serviceSpec = ({ otlpTls }: Pick<TempoArgs, "otlpTls">) => ({
  type: "ClusterIP",
  selector: selectorLabels(tempoName),
  ports: [{ name: "http", port: ports.http, targetPort: "http" }, ...otlpServicePorts(otlpTls)],
});

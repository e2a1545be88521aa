import { configMap } from "../kubernetes/config-map.ts";
import { annotations, labels, selectorLabels } from "../kubernetes/metadata.ts";
import { otlpServicePorts } from "../kubernetes/otlp.ts";
import type { PlannedObject } from "../kubernetes/planned.ts";
import { serviceMonitor, unscrapedLabel } from "../kubernetes/scraping.ts";
import type { CollectorArgs } from "./args.ts";
import { collectorConfig } from "./config.ts";
import { collectorPolicy } from "./network.ts";
import { collectorName, ports } from "./ports.ts";
import { podTemplate, queueClaim } from "./statefulset.ts";

const headlessName = `${collectorName}-headless`;

/** Labels by which the collector's pods are found. */
export const collectorPods = selectorLabels(collectorName);

/** Everything that the collector is in a cluster: the one list of it. */
export function collectorObjects(args: CollectorArgs) {
  const ownLabels = labels(collectorName, "telemetry-gateway");
  const metadata = (name: string) => ({
    name,
    namespace: args.namespace,
    labels: ownLabels,
    annotations: annotations(),
  });
  const config = configMap(`${collectorName}-config`, "collector.yaml", collectorConfig(args));
  const { scrape, operatorLabels } = args.prometheus;
  return {
    serviceAccount: {
      kind: "ServiceAccount",
      name: collectorName,
      object: { metadata: metadata(collectorName), automountServiceAccountToken: false },
    },
    configMap: {
      kind: "ConfigMap",
      name: `${collectorName}-config`,
      object: { metadata: metadata(config.name), ...config.content },
    },
    policy: {
      kind: "NetworkPolicy",
      name: collectorName,
      object: { metadata: metadata(collectorName), spec: collectorPolicy(args, collectorPods) },
    },
    // Gives the StatefulSet's pods their names.
    headlessService: {
      kind: "Service",
      name: headlessName,
      object: {
        metadata: { ...metadata(headlessName), labels: { ...ownLabels, ...unscrapedLabel } },
        spec: {
          clusterIP: "None",
          publishNotReadyAddresses: true,
          selector: collectorPods,
          ports: [{ name: "metrics", port: ports.metrics, targetPort: "metrics" }],
        },
      },
    },
    statefulSet: {
      kind: "StatefulSet",
      name: collectorName,
      object: {
        metadata: metadata(collectorName),
        spec: {
          replicas: args.replicas,
          serviceName: headlessName,
          // None waits for another.
          podManagementPolicy: "Parallel",
          selector: { matchLabels: collectorPods },
          template: podTemplate(args, {
            labels: ownLabels,
            selector: collectorPods,
            serviceAccountName: collectorName,
            configMapName: config.name,
          }),
          volumeClaimTemplates: [
            {
              metadata: { name: queueClaim, labels: collectorPods },
              spec: {
                accessModes: ["ReadWriteOnce"],
                storageClassName: args.queue.storageClass,
                resources: { requests: { storage: args.queue.size.text } },
              },
            },
          ],
          // What waits in a queue outlives the StatefulSet, which a change of the queue's size replaces.
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        },
      },
      after: ["serviceAccount", "configMap", "headlessService"],
    },
    disruptionBudget: {
      kind: "PodDisruptionBudget",
      name: collectorName,
      object: {
        metadata: metadata(collectorName),
        spec: { maxUnavailable: 1, selector: { matchLabels: collectorPods } },
      },
    },
    // After the workload: Pulumi waits until a Service has endpoints.
    service: {
      kind: "Service",
      name: collectorName,
      object: {
        metadata: metadata(collectorName),
        spec: {
          type: "ClusterIP",
          selector: collectorPods,
          ports: [
            ...otlpServicePorts(args.otlpTls),
            { name: "metrics", port: ports.metrics, targetPort: "metrics" },
          ],
        },
      },
      after: ["statefulSet"],
    },
    ...(scrape === "serviceMonitor" && {
      serviceMonitor: {
        kind: "ServiceMonitor",
        name: collectorName,
        object: serviceMonitor(
          { ...metadata(collectorName), labels: { ...operatorLabels, ...ownLabels } },
          { selector: collectorPods, port: "metrics" },
        ),
      },
    }),
  } as const satisfies Readonly<Record<string, PlannedObject>>;
}

import { operatorApi } from "../kubernetes/metadata.ts";
import { ports } from "./ports.ts";

/** Where Tempo shows its own metrics. */
const path = "/metrics";

/** Label of a Service that no ServiceMonitor is to find, as Grafana's charts of Loki and Mimir have it. */
export const unscrapedLabel: Readonly<Record<string, string>> = { "prometheus.io/service-monitor": "false" };

/** Annotations of a pod that a plain Prometheus scrapes, as the chart `prometheus` configures it. */
export const scrapeAnnotations: Readonly<Record<string, string>> = {
  "prometheus.io/scrape": "true",
  "prometheus.io/port": String(ports.http),
  "prometheus.io/path": path,
};

/**
 * What the Prometheus operator is told: the Service's port, and not that of the headless Service before the same pod.
 * Its Prometheus gives what it scrapes the labels `namespace`, `service`, `pod`, `container`, `endpoint` and `job`, the
 * last named as the Service (Documentation/user-guides/getting-started.md of prometheus-operator).
 *
 * @param selector - Labels of the Service.
 */
export const serviceMonitor = (metadata: object, selector: Readonly<Record<string, string>>) => ({
  apiVersion: operatorApi,
  kind: "ServiceMonitor",
  metadata,
  spec: {
    selector: {
      matchLabels: selector,
      matchExpressions: Object.entries(unscrapedLabel).map(([key, value]) => ({
        key,
        operator: "NotIn",
        values: [value],
      })),
    },
    endpoints: [{ port: "http", path, interval: "30s" }],
  },
});

import { operatorApi } from "./metadata.ts";

/** Where programs show their own metrics. */
const path = "/metrics";

/** Label of a Service that no ServiceMonitor is to find, as Grafana's charts of Loki and Mimir have it. */
export const unscrapedLabel: Readonly<Record<string, string>> = { "prometheus.io/service-monitor": "false" };

/** Annotations of a pod that a plain Prometheus scrapes, as the chart `prometheus` configures it. */
export const scrapeAnnotations = (port: number): Record<string, string> => ({
  "prometheus.io/scrape": "true",
  "prometheus.io/port": String(port),
  "prometheus.io/path": path,
});

/**
 * What the Prometheus operator is told: the port of a Service, and not that of another before the same pods that has
 * {@link unscrapedLabel}. Its Prometheus gives what it scrapes the labels `namespace`, `service`, `pod`, `container`, `endpoint`
 * and `job`, the last named as the Service (Documentation/user-guides/getting-started.md of prometheus-operator).
 *
 * @param selector - Labels of the Service.
 * @param port - Its name in the Service.
 */
export const serviceMonitor = (
  metadata: object,
  { selector, port }: { readonly selector: Readonly<Record<string, string>>; readonly port: string },
) => ({
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
    endpoints: [{ port, path, interval: "30s" }],
  },
});

import type { Metric } from "./metrics.ts";
import { target } from "./target.ts";

/** Names of the pods of the collector's StatefulSet, by which its series are told from those of others in the namespace. */
const collectorPods = "otel-[0-9]+";

const metric = (name: string, type: Metric["type"], unit: string, description: string, ...labels: string[]) =>
  ({ name: `otelcol_${name}`, type, unit, description, labels: [...target, ...labels] }) satisfies Metric;

/** What the collector counts in series of their own: spans, points of metrics, and records of logs. */
export const items = ["spans", "metric_points", "log_records"] as const;

/** One of them. */
export type Item = (typeof items)[number];

/** The same metric of each. */
const ofEach = (name: string, description: string, ...labels: string[]): Readonly<Record<Item, Metric>> => ({
  spans: metric(`${name}_spans`, "counter", "spans", `Spans ${description}`, ...labels),
  metric_points: metric(
    `${name}_metric_points`,
    "counter",
    "points",
    `Points of metrics ${description}`,
    ...labels,
  ),
  log_records: metric(
    `${name}_log_records`,
    "counter",
    "records",
    `Records of logs ${description}`,
    ...labels,
  ),
});

/**
 * What the collector says of itself on `/metrics`, as far as it is asked for. Its counters have no `_total`
 * (`without_type_suffix`), and their series begin with the first event.
 *
 * Sources: `/metrics` of 0.159.0; `documentation.md` of receiverhelper, exporterhelper and service, v0.159.0.
 */
export const collectorMetrics = {
  heap: metric(
    "process_runtime_heap_alloc_bytes",
    "gauge",
    "bytes",
    "Memory that the collector's own limit counts; each that is scraped has it. What is resident has the queue's file in it too, which the kernel takes back.",
  ),
  queueSize: metric(
    "exporter_queue_size",
    "gauge",
    "bytes; requests of prometheus_remote_write",
    "What waits, what is being sent among it.",
    "exporter",
    "data_type",
  ),
  queueCapacity: metric(
    "exporter_queue_capacity",
    "gauge",
    "bytes; requests of prometheus_remote_write",
    "Most that may wait.",
    "exporter",
    "data_type",
  ),
} as const satisfies Record<string, Metric>;

/** What the collector counts of each kind of item. */
export const collectorCounters = {
  accepted: ofEach(
    "receiver_accepted",
    "that were taken, and are in a queue before the sender is told so.",
    "receiver",
    "transport",
  ),
  refused: ofEach(
    "receiver_refused",
    "that were answered with an error that lets the sender try again: a queue is full or cannot be written, or memory is short.",
    "receiver",
    "transport",
  ),
  sent: ofEach(
    "exporter_sent",
    "that a store took.",
    "exporter",
    "server_address",
    "server_port",
    "url_path",
  ),
  dropped: ofEach(
    "exporter_send_failed",
    "that are lost: a store refused them for good or, of metrics, did not take them for ten minutes. What is tried again is not counted.",
    "exporter",
  ),
} as const;

/** Every metric of the collector that is asked for. */
export const allCollectorMetrics: readonly Metric[] = [
  ...Object.values(collectorMetrics),
  ...Object.values(collectorCounters).flatMap((each) => Object.values(each)),
];

/** Name of the exporter that leads to Tempo. */
export const tempoExporter = "otlp_http/tempo";

/** Matchers of what is scraped of the collectors in a namespace. */
export const collectorTarget = (namespace: string): string =>
  `namespace=${JSON.stringify(namespace)},pod=~${JSON.stringify(collectorPods)}`;

import { allCollectorMetrics } from "./collector.ts";
import type { Metric } from "./metrics.ts";
import { roleMetrics } from "./role-metrics.ts";
import { target } from "./target.ts";

const tempo = (name: string, type: Metric["type"], unit: string, description: string, ...labels: string[]) =>
  ({ name, type, unit, description, labels: [...target, ...labels] }) satisfies Metric;

/**
 * A histogram of Tempo's own, which shows it in both forms. A Prometheus before 3.8 with the feature `native-histograms` takes
 * the native one alone, any other the classic one unless `scrape_native_histograms` is set; it is asked for in both.
 */
const eitherForm = { forms: ["classic", "native"] } as const;

/**
 * What Tempo says of itself on `/metrics`, as far as it is asked for; both lines, unless it says otherwise.
 *
 * Sources: `/metrics` of Tempo 3.0.3 and of 2.8; `modules/`, `tempodb/`, `pkg/` of v3.0.3.
 */
export const tempoMetrics = {
  up: tempo("up", "gauge", "1 or 0", "Whether Prometheus could scrape Tempo."),
  started: tempo("process_start_time_seconds", "gauge", "seconds since 1970", "When Tempo's process began."),
  memory: tempo("process_resident_memory_bytes", "gauge", "bytes", "Memory of Tempo's process."),
  accepted: tempo(
    "tempo_receiver_accepted_spans",
    "counter",
    "spans",
    "Spans that a receiver took.",
    "receiver",
    "transport",
  ),
  refused: tempo(
    "tempo_receiver_refused_spans",
    "counter",
    "spans",
    "Spans that a receiver answered with an error; a client may send them again.",
    "receiver",
    "transport",
  ),
  received: tempo(
    "tempo_distributor_spans_received_total",
    "counter",
    "spans",
    "Spans that came in.",
    "tenant",
  ),
  receivedBytes: tempo(
    "tempo_distributor_bytes_received_total",
    "counter",
    "bytes",
    "Bytes of the spans that came in.",
    "tenant",
  ),
  discarded: tempo(
    "tempo_discarded_spans_total",
    "counter",
    "spans",
    "Spans that came in and are not stored, by the limit that they ran into. The series begins with the first.",
    "reason",
    "tenant",
  ),
  generatorReceived: tempo(
    "tempo_metrics_generator_spans_received_total",
    "counter",
    "spans",
    "Spans that reached the metrics generator.",
    "tenant",
  ),
  generatorDiscarded: tempo(
    "tempo_metrics_generator_spans_discarded_total",
    "counter",
    "spans",
    "Spans that are stored and not counted, by reason: filtered on purpose, or too old or too new for the clock.",
    "reason",
    "processor",
    "tenant",
  ),
  activeSeries: tempo(
    "tempo_metrics_generator_registry_active_series",
    "gauge",
    "series",
    "Series that the generator keeps.",
    "tenant",
  ),
  maxSeries: tempo(
    "tempo_metrics_generator_registry_max_active_series",
    "gauge",
    "series",
    "Most series that it may keep: `tempo.maxActiveSeries`.",
    "tenant",
  ),
  limitedSeries: tempo(
    "tempo_metrics_generator_registry_series_limited_total",
    "counter",
    "series",
    "Series that were one too many, so that what they would count is counted in one for all.",
    "tenant",
  ),
  edges: tempo(
    "tempo_metrics_generator_processor_service_graphs_edges",
    "counter",
    "edges",
    "Calls between services that the generator began to put together.",
    "tenant",
  ),
  expiredEdges: tempo(
    "tempo_metrics_generator_processor_service_graphs_expired_edges",
    "counter",
    "edges",
    "Those whose other half never came, and that are not in the topology. Until Tempo 2.8 those from a user and to a provider are among them.",
    "tenant",
  ),
  samplesSent: tempo(
    "prometheus_remote_storage_samples_total",
    "counter",
    "samples",
    "Samples that Tempo's remote write sent, failed ones among them.",
    "tenant",
    "remote_name",
    "url",
  ),
  samplesFailed: tempo(
    "prometheus_remote_storage_samples_failed_total",
    "counter",
    "samples",
    "Samples that Prometheus refused for good.",
    "tenant",
    "remote_name",
    "url",
  ),
  samplesRetried: tempo(
    "prometheus_remote_storage_samples_retried_total",
    "counter",
    "samples",
    "Samples that are sent again, because Prometheus was not reached or answered 5xx.",
    "tenant",
    "remote_name",
    "url",
  ),
  samplesPending: tempo(
    "prometheus_remote_storage_samples_pending",
    "gauge",
    "samples",
    "Samples that wait in the queue.",
    "tenant",
    "remote_name",
    "url",
  ),
  newestSample: tempo(
    "prometheus_remote_storage_highest_timestamp_in_seconds",
    "gauge",
    "seconds since 1970",
    "Time of the newest sample that the generator made.",
    "tenant",
  ),
  newestSent: tempo(
    "prometheus_remote_storage_queue_highest_sent_timestamp_seconds",
    "gauge",
    "seconds since 1970",
    "Time of the newest sample that was delivered.",
    "tenant",
    "remote_name",
    "url",
  ),
  requests: {
    ...tempo(
      "tempo_request_duration_seconds",
      "histogram",
      "seconds",
      "Requests to Tempo, by route and status.",
      "method",
      "route",
      "status_code",
      "ws",
    ),
    ...eitherForm,
  },
  tracesCreated: tempo(
    "tempo_live_store_traces_created_total",
    "counter",
    "traces",
    "Traces of which a first span came in. Tempo 3.0.",
    "tenant",
  ),
  blocksCut: tempo(
    "tempo_live_store_blocks_cut_total",
    "counter",
    "blocks",
    "Blocks that the log of the newest traces was cut into: one every 30 s while any come in. Tempo 3.0.",
    "reason",
  ),
  collectionsFailed: tempo(
    "tempo_metrics_generator_registry_collections_failed_total",
    "counter",
    "collections",
    "Times, every 15 s, that the generator could not write down what it had counted.",
    "error_type",
    "tenant",
  ),
  flushesFailed: tempo(
    "tempo_live_store_failed_completions_total",
    "counter",
    "blocks",
    "Blocks that could not be completed. Tempo 3.0.",
  ),
  flushesFailedOld: tempo(
    "tempo_ingester_failed_flushes_total",
    "counter",
    "blocks",
    "Blocks that could not be completed or stored. Tempo 2.10.",
  ),
  compactionErrors: tempo(
    "tempodb_compaction_errors_total",
    "counter",
    "compactions",
    "Old blocks that a compaction could not mark; in Tempo 2.10, every compaction that failed.",
  ),
  jobsFailed: tempo(
    "tempo_backend_scheduler_jobs_failed_total",
    "counter",
    "jobs",
    "Jobs on blocks that failed, each of which is tried again. The series begins with the first. Tempo 3.0.",
    "job_type",
    "tenant",
  ),
  retentionErrors: tempo(
    "tempodb_retention_errors_total",
    "counter",
    "deletions",
    "Old blocks that could not be deleted.",
  ),
  retentionRuns: {
    ...tempo(
      "tempodb_retention_duration_seconds",
      "histogram",
      "seconds",
      "How long each search for old blocks took: hourly in Tempo 3.0, every five minutes in 2.10.",
    ),
    ...eitherForm,
  },
} as const satisfies Record<string, Metric>;

/**
 * What kubelet says of Tempo's volume, which kube-prometheus-stack scrapes.
 *
 * Source: kubernetes, pkg/kubelet/server/stats and docs "Node metrics data".
 */
export const volumeMetrics = {
  available: {
    name: "kubelet_volume_stats_available_bytes",
    type: "gauge",
    unit: "bytes",
    description: "Room that is left on a volume.",
    labels: ["namespace", "persistentvolumeclaim", "node", "job", "instance", "endpoint", "service"],
  },
  capacity: {
    name: "kubelet_volume_stats_capacity_bytes",
    type: "gauge",
    unit: "bytes",
    description: "Size of a volume.",
    labels: ["namespace", "persistentvolumeclaim", "node", "job", "instance", "endpoint", "service"],
  },
} as const satisfies Record<string, Metric>;

/** What Prometheus says of its own alerts. */
const alertMetric: Metric = {
  name: "ALERTS",
  type: "gauge",
  unit: "1",
  description: "Alerts that are pending or firing.",
  labels: ["alertname", "alertstate", "severity", "environment"],
};

/** Every metric that is not made from traces and that we ask for. */
export const operationalMetrics: readonly Metric[] = [
  alertMetric,
  ...Object.values(tempoMetrics),
  ...Object.values(roleMetrics),
  ...Object.values(volumeMetrics),
  ...allCollectorMetrics,
];

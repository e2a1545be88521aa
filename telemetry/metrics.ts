import { attributes } from "./attributes.ts";
import { dimensions, type Generator, type HistogramForm } from "./generator.ts";

/** A metric in Prometheus. */
export interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** What it counts or measures. */
  readonly unit: string;
  readonly description: string;
  /** Labels a series of it can have, beside `le` on a histogram's buckets. */
  readonly labels: readonly string[];
  /** Upper bounds of its buckets, for classic histograms. */
  readonly bounds?: readonly number[];
  /**
   * Forms in which Prometheus may hold it, for histograms.
   *
   * @default classic alone
   */
  readonly forms?: readonly HistogramForm[];
}

/** The label that an attribute becomes: `http.route` → `http_route`. */
export function label(attribute: string): string {
  return attribute.replace(/[^A-Za-z0-9_]/g, "_");
}

/** Labels that Tempo puts on series by itself, by the name they have in this code. */
const ownLabels = {
  service: "service",
  spanName: "span_name",
  kind: "span_kind",
  status: "status_code",
  client: "client",
  server: "server",
  connection: "connection_type",
  instance: "__metrics_gen_instance",
  /** Upper bound of a histogram's bucket. */
  bound: "le",
} as const;

/** Labels of every series, by which environments that share a Prometheus are told apart. */
export const externalLabels = ["environment", "cluster"] as const;

/** Every label there is: Tempo's own, those of every series, and one for each dimension. */
export const labels = {
  ...ownLabels,
  ...named(externalLabels, (name) => name),
  ...named(dimensions, (key) => label(attributes[key].name)),
};

function named<K extends string>(keys: readonly K[], of: (key: K) => string): Readonly<Record<K, string>> {
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<K, string>;
}

/** Values of the labels for a span's kind and status, as far as they are asked for. */
export const kinds = { server: "SPAN_KIND_SERVER", client: "SPAN_KIND_CLIENT" } as const;
export const statuses = { error: "STATUS_CODE_ERROR" } as const;

/** Names of the metrics; a classic histogram has series of the three that {@link parts} adds. */
export const names = {
  calls: "traces_spanmetrics_calls_total",
  latency: "traces_spanmetrics_latency",
  size: "traces_spanmetrics_size_total",
  edges: "traces_service_graph_request_total",
  failedEdges: "traces_service_graph_request_failed_total",
  edgeServerSeconds: "traces_service_graph_request_server_seconds",
  edgeClientSeconds: "traces_service_graph_request_client_seconds",
} as const;

/** The series of a classic histogram. */
export const parts = (histogram: string) => ({
  buckets: `${histogram}_bucket`,
  sum: `${histogram}_sum`,
  count: `${histogram}_count`,
});

/** Label of the exemplars Tempo attaches; the OpenTelemetry SDKs call theirs `trace_id`. */
export const exemplarLabels = ["traceID", "trace_id"] as const;

/**
 * The metrics that Tempo's generator writes to Prometheus with these settings.
 *
 * Names and intrinsic labels: `modules/generator/processor/{spanmetrics,servicegraphs}` of Tempo 3.0 and 2.10.
 */
export function metrics(generator: Generator): readonly Metric[] {
  const always = [labels.instance, ...externalLabels];
  const span = [
    labels.service,
    labels.spanName,
    labels.kind,
    labels.status,
    ...generator.dimensions.map(label),
    ...always,
  ];
  const kept = (bounds: readonly number[]) =>
    generator.histograms === "classic" ? { bounds } : { forms: [generator.histograms] };
  const edge = [labels.client, labels.server, labels.connection, ...always];
  return [
    {
      name: names.calls,
      type: "counter",
      unit: "spans",
      description:
        "Spans by service, name, kind and status: a request is a SERVER span, a model call a CLIENT span.",
      labels: span,
    },
    {
      name: names.latency,
      type: "histogram",
      unit: "seconds",
      description: "Duration of those spans, for percentiles.",
      labels: span,
      ...kept(generator.latencyBoundsSeconds),
    },
    {
      name: names.size,
      type: "counter",
      unit: "bytes",
      description: "Size of those spans as received.",
      labels: span,
    },
    {
      name: names.edges,
      type: "counter",
      unit: "requests",
      description: "Calls from one service to another.",
      labels: edge,
    },
    {
      name: names.failedEdges,
      type: "counter",
      unit: "requests",
      description:
        "Those calls that either side marked as an error; between Open WebUI and LiteLLM any answer from 400 up.",
      labels: edge,
    },
    {
      name: names.edgeServerSeconds,
      type: "histogram",
      unit: "seconds",
      description: "Duration as the called side saw it; 0 for a service that sends no spans.",
      labels: edge,
      ...kept(generator.edgeBoundsSeconds),
    },
    {
      name: names.edgeClientSeconds,
      type: "histogram",
      unit: "seconds",
      description: "Duration as the caller saw it.",
      labels: edge,
      ...kept(generator.edgeBoundsSeconds),
    },
  ];
}

/** The forms in which Prometheus may hold a histogram; none of another metric. */
export const formsOf = ({ type, forms = ["classic"] }: Metric): readonly HistogramForm[] =>
  type === "histogram" ? forms : [];

/** The series names that a metric has in Prometheus. */
export function seriesNames(metric: Metric): readonly string[] {
  const forms = formsOf(metric);
  return [
    ...(forms.includes("classic") ? Object.values(parts(metric.name)) : []),
    ...(forms.length === 0 || forms.includes("native") ? [metric.name] : []),
  ];
}

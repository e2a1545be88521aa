import type { Generator } from "./generator.ts";

/** A metric that Tempo's generator writes to Prometheus, as it follows from the generator's settings. */
export interface Metric {
  readonly name: string;
  readonly type: "counter" | "histogram";
  readonly unit: "spans" | "seconds" | "bytes" | "requests";
  readonly description: string;
  /** Labels a series of it can have, beside `le` on a histogram's buckets. */
  readonly labels: readonly string[];
  /** Upper bounds of its buckets, for histograms. */
  readonly bounds?: readonly number[];
}

/** The label that an attribute becomes: `http.route` → `http_route`. */
export const label = (attribute: string): string => attribute.replace(/[^A-Za-z0-9_]/g, "_");

/** Label of the exemplars Tempo attaches; the OpenTelemetry SDKs call theirs `trace_id`. */
export const exemplarLabels = ["traceID", "trace_id"] as const;

/** Labels of every series, by which environments that share a Prometheus are told apart. */
export const externalLabels = ["environment", "cluster"] as const;

/**
 * The metrics that exist with these generator settings.
 *
 * Names and intrinsic labels: `modules/generator/processor/{spanmetrics,servicegraphs}` of Tempo 3.0 and 2.10.
 */
export function metrics(generator: Generator): readonly Metric[] {
  const always = ["__metrics_gen_instance", ...externalLabels];
  const span = [
    "service",
    "span_name",
    "span_kind",
    "status_code",
    ...generator.dimensions.map(label),
    ...always,
  ];
  const edge = ["client", "server", "connection_type", ...always];
  return [
    {
      name: "traces_spanmetrics_calls_total",
      type: "counter",
      unit: "spans",
      description:
        "Spans by service, name, kind and status: a request is a SERVER span, a model call a CLIENT span.",
      labels: span,
    },
    {
      name: "traces_spanmetrics_latency",
      type: "histogram",
      unit: "seconds",
      description: "Duration of those spans, for percentiles.",
      labels: span,
      bounds: generator.latencyBoundsSeconds,
    },
    {
      name: "traces_spanmetrics_size_total",
      type: "counter",
      unit: "bytes",
      description: "Size of those spans as received.",
      labels: span,
    },
    {
      name: "traces_service_graph_request_total",
      type: "counter",
      unit: "requests",
      description: "Calls from one service to another.",
      labels: edge,
    },
    {
      name: "traces_service_graph_request_failed_total",
      type: "counter",
      unit: "requests",
      description:
        "Those calls that either side marked as an error; between Open WebUI and LiteLLM any answer from 400 up.",
      labels: edge,
    },
    {
      name: "traces_service_graph_request_server_seconds",
      type: "histogram",
      unit: "seconds",
      description: "Duration as the called side saw it; 0 for a service that sends no spans.",
      labels: edge,
      bounds: generator.edgeBoundsSeconds,
    },
    {
      name: "traces_service_graph_request_client_seconds",
      type: "histogram",
      unit: "seconds",
      description: "Duration as the caller saw it.",
      labels: edge,
      bounds: generator.edgeBoundsSeconds,
    },
  ];
}

/** The series names that a metric has in Prometheus. */
export const seriesNames = (metric: Metric): readonly string[] =>
  metric.type === "histogram"
    ? ["_bucket", "_sum", "_count"].map((suffix) => metric.name + suffix)
    : [metric.name];

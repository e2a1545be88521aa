import type { Signals } from "../../../telemetry/signals.ts";
import { series } from "../../alerts/series.ts";
import { signals } from "./product.ts";
import { itShows, type Answers } from "./promtool-values.ts";

const otel = (
  replica: number,
  name: string,
  labels: Readonly<Record<string, string>> = {},
  namespace = "tracing",
) => series(`otelcol_${name}`, { namespace, pod: `otel-${replica}`, ...labels });

const http = { receiver: "otlp", transport: "http" };
const grpc = { receiver: "otlp", transport: "grpc" };
const tempo = { exporter: "otlp_http/tempo" };
const prometheus = { exporter: "prometheus_remote_write" };
const openobserve = { exporter: "otlp_http/openobserve" };

/** Two collectors with samples every 30 s, as recorded of 0.159.0, beside one of another namespace. */
const samples = {
  [otel(0, "receiver_accepted_spans", http)]: "0+60x40",
  [otel(1, "receiver_accepted_spans", grpc)]: "0+30x40",
  [otel(0, "receiver_accepted_metric_points", http)]: "0+15x40",
  [otel(1, "receiver_accepted_log_records", http)]: "0+3x40",
  [otel(0, "receiver_accepted_spans", http, "other")]: "0+1000x40",
  [otel(0, "receiver_refused_spans", http)]: "0+6x40",
  [otel(1, "receiver_refused_spans", grpc)]: "0+2x40",
  [otel(0, "receiver_refused_metric_points", http)]: "0x40",
  [otel(0, "exporter_sent_spans", { ...tempo, server_port: "4318" })]: "0+45x40",
  [otel(1, "exporter_sent_spans", { ...tempo, server_port: "4318" })]: "0+15x40",
  [otel(0, "exporter_sent_metric_points", prometheus)]: "0+15x40",
  [otel(1, "exporter_sent_log_records", openobserve)]: "0+6x40",
  [otel(1, "exporter_send_failed_log_records", openobserve)]: "0+2x40",
  [otel(0, "exporter_queue_size", { ...tempo, data_type: "traces" })]: "100x40",
  [otel(0, "exporter_queue_capacity", { ...tempo, data_type: "traces" })]: "1000x40",
  [otel(1, "exporter_queue_size", { ...tempo, data_type: "traces" })]: "450x40",
  [otel(1, "exporter_queue_capacity", { ...tempo, data_type: "traces" })]: "1000x40",
  [otel(0, "exporter_queue_size", { ...prometheus, data_type: "metrics" })]: "5x40",
  [otel(0, "exporter_queue_capacity", { ...prometheus, data_type: "metrics" })]: "500x40",
  [otel(0, "process_runtime_heap_alloc_bytes")]: "8000000x40",
  [otel(1, "process_runtime_heap_alloc_bytes")]: "9000000x40",
};

/** What each query must answer over five minutes, by the labels of the answer. */
export const collectorPanels = {
  collectors: [{ "{}": 2 }],
  collectorReceived: [{ "{}": 3 }, { "{}": 0.5 }, { "{}": 0.1 }],
  collectorRefused: [{ "{}": 80 }, { "{}": 0 }, {}],
  collectorSent: [
    { [series("", tempo)]: 2 },
    { [series("", prometheus)]: 0.5 },
    { [series("", openobserve)]: 0.2 },
  ],
  collectorDropped: [{}, {}, { [series("", openobserve)]: 20 }],
  collectorQueue: [{ [series("", tempo)]: 45, [series("", prometheus)]: 1 }],
  collectorMemory: [
    {
      [otel(0, "process_runtime_heap_alloc_bytes")]: 8_000_000,
      [otel(1, "process_runtime_heap_alloc_bytes")]: 9_000_000,
    },
  ],
} as const satisfies Partial<Record<keyof Signals, readonly Readonly<Record<string, number>>[]>>;

/** Panels of the row Collector, asked of samples as a collector has them that refuses, waits and loses. */
export function describeCollector(): void {
  for (const [id, expected] of Object.entries<Answers>(collectorPanels)) {
    itShows(signals[id as keyof typeof collectorPanels], samples, expected);
  }
}

import type { AlertCase } from "./case.ts";
import { ok } from "./chat-series.ts";
import { series, stairs } from "./series.ts";

const chat = series("traces_spanmetrics_calls_total", {
  environment: "dev",
  service: "open-webui",
  span_kind: "SPAN_KIND_SERVER",
  http_route: "/api/chat/completions",
  http_response_status_code: "200",
});

const tempo = (name: string, labels: Readonly<Record<string, string>> = {}) =>
  series(name, { namespace: "tracing", pod: "tempo-0", instance: "10.0.0.7:3200", job: "tempo", ...labels });
const up = tempo("up");
const started = tempo("process_start_time_seconds");
const received = tempo("tempo_distributor_spans_received_total", { tenant: "single-tenant" });
const counting = tempo("tempo_metrics_generator_spans_received_total", { tenant: "single-tenant" });
const uncounted = (reason: string) =>
  tempo("tempo_metrics_generator_spans_discarded_total", { reason, tenant: "single-tenant" });
const discarded = (reason: string) =>
  tempo("tempo_discarded_spans_total", { reason, tenant: "single-tenant" });
const edges = tempo("tempo_metrics_generator_processor_service_graphs_edges");
const expired = tempo("tempo_metrics_generator_processor_service_graphs_expired_edges");
const newest = tempo("prometheus_remote_storage_highest_timestamp_in_seconds");
const sent = tempo("prometheus_remote_storage_queue_highest_sent_timestamp_seconds", { remote_name: "a1" });
const asked = (status: string) =>
  tempo("tempo_request_duration_seconds_count", { route: "api_search", status_code: status });
const volume = (name: string) =>
  series(`kubelet_volume_stats_${name}_bytes`, {
    namespace: "tracing",
    persistentvolumeclaim: "tempo-data",
    node: "worker-1",
  });

const spans: AlertCase[] = [
  {
    alert: "TempoDown",
    what: "scraped, then not",
    series: { [up]: "1x20 0x40" },
    at: {
      "9m": [],
      "15m": [],
      "16m": [
        {
          summary: "Tempo is down, or Prometheus does not reach it.",
          description:
            "No Tempo in the namespace tracing has been scraped for 5 minutes. While it is down, the collectors keep the spans until their queues are full, and the dashboards stand still.",
        },
      ],
    },
  },
  {
    alert: "TempoDown",
    what: "a restart of three minutes, also as a pod of another address",
    series: { [up]: "1x20 0x2 stale", [up.replace("10.0.0.7", "10.0.0.9")]: "_x26 1x40" },
    at: { "13m": [], "20m": [] },
  },
  {
    alert: "TempoRestarting",
    what: "two restarts within an hour, the second as a pod of another address",
    series: {
      [started]: "0x20 600x20 stale",
      [started.replace("10.0.0.7", "10.0.0.9")]: "_x44 1300x80",
    },
    at: {
      "15m": [],
      "25m": [
        {
          summary: "Tempo restarts again and again.",
          description: "Tempo began 2 times anew within an hour. Each time it takes no spans for about 15 s.",
        },
      ],
    },
  },
  {
    alert: "TempoRestarting",
    what: "one restart, and another an hour later",
    series: { [started]: "0x20 600x140 4800x40" },
    at: { "15m": [], "60m": [], "85m": [] },
  },
  {
    alert: "TempoReceivesNothing",
    what: "spans came in, then none",
    series: { [started]: "0x120", [received]: "0+100x60 6000x60" },
    at: {
      "30m": [],
      "44m": [],
      "46m": [
        {
          summary: "No spans reach Tempo.",
          description:
            "Tempo in tracing is up, and no span has come in for 15 minutes. An idle Open WebUI sends some every 15 s.",
        },
      ],
    },
  },
  {
    alert: "TempoReceivesNothing",
    what: "none since Tempo began, which has no series of them then",
    series: { [started]: "0x60" },
    at: {
      "15m": [],
      "16m": [
        {
          summary: "No spans reach Tempo.",
          description:
            "Tempo in tracing is up, and no span has come in for 15 minutes. An idle Open WebUI sends some every 15 s.",
        },
      ],
    },
  },
  {
    alert: "TempoReceivesNothing",
    what: "spans that come in, over a restart",
    series: { [started]: "0x40 1230x60", [received]: "0+100x40 _ 0+100x59" },
    at: { "16m": [], "22m": [], "40m": [] },
  },
  {
    alert: "LLMTracesMissing",
    what: "chats are answered, and LiteLLM's spans have ended",
    series: { [chat]: "0+2x100", [ok]: "0+2x40 80x60" },
    at: {
      "34m": [],
      "37m": [
        {
          summary: "LiteLLM sends no spans, although Open WebUI answers chats.",
          description: "Open WebUI answered 60 chats within 15 minutes, and no span of LiteLLM's came in.",
        },
      ],
    },
  },
  {
    alert: "LLMTracesMissing",
    what: "both send, and a few chats without LiteLLM's",
    series: { [chat]: "0+2x60 120+0x30 121+1x10", [ok]: "0+2x60 120x40" },
    at: { "30m": [], "50m": [] },
  },
];

const refusedSpans = tempo("tempo_receiver_refused_spans", {
  receiver: "otlp/otlp_receiver",
  transport: "http",
});

const losses: AlertCase[] = [
  {
    alert: "TempoSpansRefused",
    what: "spans are refused, minute after minute",
    series: { [refusedSpans]: "0x20 20+20x40" },
    at: {
      "14m": [],
      "20m": [
        {
          labels: { transport: "http" },
          summary: "Tempo refuses spans.",
          description:
            "Tempo answered 200 spans with an error within 5 minutes (http). The collector keeps them and tries again.",
        },
      ],
    },
  },
  {
    alert: "TempoSpansRefused",
    what: "one batch, which its sender sends again; old ones before a restart",
    series: { [refusedSpans]: "500x20 0x20 300x40" },
    at: { "11m": [], "22m": [], "26m": [], "30m": [] },
  },
  {
    alert: "TempoSpansDiscarded",
    what: "one trace that is too large: the first of its series",
    series: { [discarded("trace_too_large")]: "_x20 7x60" },
    at: {
      "9m": [],
      "12m": [
        {
          labels: { reason: "trace_too_large" },
          summary: "Tempo discards spans: trace_too_large.",
          description: "7 spans that came in within 15 minutes are not stored: trace_too_large.",
        },
      ],
      "30m": [],
    },
  },
  {
    alert: "TempoSpansDiscarded",
    what: "old ones, over a restart and twenty minutes without Prometheus",
    series: {
      [discarded("trace_too_large")]: "7x60 0x20 _x40 0x40",
      [discarded("rate_limited")]: "7x60 _x40 7x60",
    },
    at: { "31m": [], "60m": [], "70m": [] },
  },
  {
    alert: "TempoSpansNotCounted",
    what: "a wrong clock: two of a hundred spans",
    series: { [counting]: "0+100x80", [uncounted("outside_metrics_ingestion_slack")]: "0+2x80" },
    at: {
      "14m": [],
      "20m": [
        {
          labels: { reason: "outside_metrics_ingestion_slack" },
          summary: "Spans are stored and not counted: outside_metrics_ingestion_slack.",
          description:
            "2 % of the spans of 15 minutes are not in the metrics: outside_metrics_ingestion_slack. Rates and percentiles are too low by that; traces are complete.",
        },
      ],
    },
  },
  {
    alert: "TempoSpansNotCounted",
    what: "spans that are left out on purpose, one late batch, and then no spans at all",
    series: {
      [counting]: "0+100x60 6000x60",
      [uncounted("span_metrics_filtered")]: "0+90x60 5400x60",
      [uncounted("outside_metrics_ingestion_slack")]: "0x20 100x100",
    },
    at: { "12m": [], "20m": [], "26m": [], "50m": [] },
  },
  {
    alert: "TempoSeriesLimited",
    what: "more series than there may be",
    series: { [tempo("tempo_metrics_generator_registry_series_limited_total")]: "0x20 10+10x40" },
    at: {
      "10m": [],
      "25m": [
        {
          summary: "Tempo makes more series than it may keep.",
          description:
            "300 series were one too many within 15 minutes (tempo.maxActiveSeries): what they count is counted under no model, route or code.",
        },
      ],
    },
  },
  {
    alert: "TempoSeriesLimited",
    what: "some before a restart",
    series: { [tempo("tempo_metrics_generator_registry_series_limited_total")]: "400x20 0x40" },
    at: { "10m": [], "15m": [] },
  },
  {
    alert: "TempoEdgesExpiring",
    what: "a tenth of the calls",
    series: { [edges]: "0+20x80", [expired]: "0+2x80" },
    at: {
      "14m": [],
      "20m": [
        {
          summary: "The topology is incomplete.",
          description: "10 % of the calls between services had no other half within 15 minutes.",
        },
      ],
    },
  },
  {
    alert: "TempoEdgesExpiring",
    what: "few calls, some of them older than the window",
    series: { [edges]: "0x20 10x60", [expired]: "0x40 5x40" },
    at: { "25m": [], "36m": [], "40m": [] },
  },
];

const writing: AlertCase[] = [
  {
    alert: "TempoRemoteWriteFailing",
    what: "Prometheus refuses sample after sample",
    series: { [tempo("prometheus_remote_storage_samples_failed_total")]: "0x20 50+50x40" },
    at: {
      "14m": [],
      "20m": [
        {
          summary: "Prometheus refuses what Tempo writes.",
          description:
            "Prometheus refused 500 samples for good within 5 minutes. They are missing from every graph.",
        },
      ],
    },
  },
  {
    alert: "TempoRemoteWriteFailing",
    what: "one request with a sample out of order, as a restart may leave",
    series: { [tempo("prometheus_remote_storage_samples_failed_total")]: "0x20 500x60" },
    at: { "11m": [], "16m": [], "25m": [] },
  },
  {
    alert: "TempoRemoteWriteBehind",
    what: "what is made is no longer delivered",
    series: { [started]: "0x60", [newest]: "0+30x60", [sent]: "0+30x20 600x40" },
    at: {
      "12m": [],
      "16m": [],
      "18m": [
        {
          summary: "Tempo's metrics reach Prometheus late.",
          description:
            "What Prometheus has of Tempo's metrics is 8m 0s old. Tempo keeps what is not sent on its volume, and sends it later.",
        },
      ],
    },
  },
  {
    alert: "TempoRemoteWriteBehind",
    what: "nothing was delivered since Tempo began",
    series: { [started]: "600x60", [newest]: "600+30x60", [sent]: "0x60" },
    at: {
      "6m": [],
      "8m": [
        {
          summary: "Tempo's metrics reach Prometheus late.",
          description:
            "What Prometheus has of Tempo's metrics is 8m 0s old. Tempo keeps what is not sent on its volume, and sends it later.",
        },
      ],
    },
  },
  {
    alert: "TempoRemoteWriteBehind",
    what: "an idle Tempo, which makes nothing and delivers nothing",
    series: { [started]: "0x60", [newest]: "0+30x20 600x40", [sent]: "0+30x19 570x41" },
    at: { "15m": [], "25m": [] },
  },
  {
    alert: "TempoBlocksNotStored",
    what: "attempt after attempt fails",
    series: { [tempo("tempo_live_store_failed_completions_total")]: "0x20 1x3 2x3 3x3 4x3 5x60" },
    at: {
      "15m": [],
      "24m": [
        {
          summary: "Tempo cannot store what it received.",
          description:
            "5 attempts to complete or store a block failed within an hour. Traces pile up on the volume; when that is full, they are lost.",
        },
      ],
      "45m": [],
    },
  },
  {
    alert: "TempoBlocksNotStored",
    what: "two attempts, and none after them; old ones before a restart",
    series: { [tempo("tempo_live_store_failed_completions_total")]: "9x20 0x20 1x5 2x60" },
    at: { "15m": [], "25m": [], "30m": [] },
  },
  {
    alert: "TempoTracesNotWritten",
    what: "traces come in, and none are written",
    series: {
      [tempo("tempo_live_store_traces_created_total")]: "0+2x60",
      [tempo("tempo_live_store_blocks_cut_total", { reason: "time" })]: "0+1x20 20x40",
    },
    at: {
      "14m": [],
      "21m": [
        {
          summary: "Tempo loses every trace that it takes.",
          description:
            "20 traces came in within 5 minutes, and Tempo wrote none of them to its volume. It still answers " +
            "applications with a success, also after there is room again: only a restart mends it.",
        },
      ],
    },
  },
  {
    alert: "TempoTracesNotWritten",
    what: "no trace comes in, and one every five minutes",
    series: {
      [tempo("tempo_live_store_traces_created_total")]: `0x30 ${stairs(6, 10)}`,
      [tempo("tempo_live_store_blocks_cut_total", { reason: "time" })]: `0x31 ${stairs(6, 10)}`,
    },
    at: { "10m": [], "25m": [], "40m": [] },
  },
  {
    alert: "TempoMetricsNotWritten",
    what: "every second collection fails",
    series: { [tempo("tempo_metrics_generator_registry_collections_failed_total")]: "0x20 1+1x40" },
    at: {
      "10m": [],
      "25m": [
        {
          summary: "Tempo cannot write down the metrics that it makes.",
          description:
            "30 of the collections of 15 minutes failed (there is one every 15 s). Rates and percentiles are too low by that.",
        },
      ],
    },
  },
  {
    alert: "TempoMetricsNotWritten",
    what: "one failed, and old ones before a restart",
    series: { [tempo("tempo_metrics_generator_registry_collections_failed_total")]: "9x20 0x20 1x40" },
    at: { "15m": [], "25m": [], "35m": [] },
  },
];

const housekeeping: AlertCase[] = [
  {
    alert: "TempoCompactionFailing",
    what: "a failure every five minutes",
    series: { [tempo("tempodb_compaction_errors_total")]: stairs(13, 10) },
    at: {
      "10m": [],
      "60m": [
        {
          summary: "Tempo cannot compact its blocks.",
          description: "12 compactions failed within an hour. Searches become slower.",
        },
      ],
    },
  },
  {
    alert: "TempoCompactionFailing",
    what: "two failures, and old ones before a restart",
    series: { [tempo("tempodb_compaction_errors_total")]: "9x20 0x20 1x20 2x60" },
    at: { "15m": [], "45m": [], "60m": [] },
  },
  {
    alert: "TempoRetentionFailing",
    what: "a failure every five minutes",
    series: { [tempo("tempodb_retention_errors_total")]: stairs(13, 10) },
    at: {
      "10m": [],
      "60m": [
        {
          summary: "Tempo cannot delete old traces.",
          description:
            "12 deletions of old blocks failed within an hour. Storage grows beyond what the retention needs.",
        },
      ],
    },
  },
  {
    alert: "TempoRetentionFailing",
    what: "two failures, and old ones before a restart",
    series: { [tempo("tempodb_retention_errors_total")]: "9x20 0x20 1x20 2x60" },
    at: { "15m": [], "45m": [], "60m": [] },
  },
  {
    alert: "TempoRetentionStuck",
    what: "a search every hour, then none",
    every: "5m",
    series: { [started]: "0x72", [tempo("tempodb_retention_duration_seconds_count")]: "0x11 1x11 2x48" },
    at: {
      "3h": [],
      "4h55m": [],
      "5h15m": [
        {
          summary: "Tempo no longer looks for old traces.",
          description:
            "Tempo has not looked for old blocks for 3 hours. Storage grows beyond what the retention needs.",
        },
      ],
    },
  },
  {
    alert: "TempoRetentionStuck",
    what: "a search every hour, and a restart just before one",
    every: "5m",
    series: {
      [started]: "0x34 10500x60",
      [tempo("tempodb_retention_duration_seconds_count")]: "0x11 1x11 2x11 0x12 1x11 2x11 3x11",
    },
    at: { "3h30m": [], "5h": [], "6h30m": [] },
  },
  {
    alert: "TempoQueriesFailing",
    what: "a tenth of the questions",
    series: { [asked("200")]: "0+9x60", [asked("500")]: "0+1x60" },
    at: {
      "4m": [],
      "15m": [
        {
          summary: "Tempo fails to answer questions.",
          description:
            "Tempo answered 10 % of the questions of 15 minutes with a 5xx. Panels of traces are empty or show errors.",
        },
      ],
    },
  },
  {
    alert: "TempoQueriesFailing",
    what: "few questions, all failed; what a person asked wrongly",
    series: { [asked("500")]: "0x10 5x60", [asked("400")]: "0+1x70", [asked("200")]: "0x70" },
    at: { "11m": [], "30m": [] },
  },
  {
    alert: "TempoVolumeFull",
    what: "4 % left",
    series: { [volume("available")]: "6e9x10 4e9x30", [volume("capacity")]: "1e11x40" },
    at: {
      "5m": [],
      "7m": [
        {
          labels: { namespace: "tracing", persistentvolumeclaim: "tempo-data", node: "worker-1" },
          summary: "Tempo's volume is full.",
          description:
            "4% of the volume tempo-data in tracing is left. When it is full, new traces are lost, and applications are not told.",
        },
      ],
    },
  },
  {
    alert: "TempoVolumeFull",
    what: "exactly 5 % left, and another's volume that is full",
    series: {
      [volume("available")]: "5e9x40",
      [volume("capacity")]: "1e11x40",
      [volume("available").replace("tempo-data", "grafana")]: "0x40",
      [volume("capacity").replace("tempo-data", "grafana")]: "1e11x40",
    },
    at: { "10m": [], "20m": [] },
  },
  {
    alert: "TempoVolumeFilling",
    what: "two gigabytes an hour, of forty that are left",
    every: "5m",
    series: { [volume("available")]: "5.2e10-1.6667e8x84", [volume("capacity")]: "1e11x84" },
    at: {
      "1h": [],
      "6h": [
        {
          labels: { namespace: "tracing", persistentvolumeclaim: "tempo-data", node: "worker-1" },
          summary: "Tempo's volume will be full within a day.",
          description:
            "40% of the volume tempo-data in tracing is left. If it fills on as in the last 6 hours, it is full within 24 hours; then new traces are lost.",
        },
      ],
    },
  },
  {
    alert: "TempoVolumeFilling",
    what: "a young volume that fills fast, and later what stays as it is",
    every: "5m",
    series: { [volume("available")]: "1e11-4e8x100 4.5e10x100", [volume("capacity")]: "1e11x200" },
    at: { "3h": [], "8h": [], "15h": [] },
  },
];

/** What the alerts about the tracing itself must say. */
export const tracingCases: readonly AlertCase[] = [...spans, ...losses, ...writing, ...housekeeping];

import { collectorCases } from "./collector-cases.ts";
import { series } from "./series.ts";

/** Series of an installation and what its alerts must say of them, in promtool's notation: `0+2x10` is 0, 2, … 20. */

/** An alert that fires, with what a person reads. */
export interface Told {
  /** Labels beside those of the rule; of an alert with several windows, `long` says which. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

/** Series, and which alerts of one name fire at which times. */
export interface AlertCase {
  readonly alert: string;
  readonly what: string;
  /**
   * Time between samples and between evaluations. Days of the 30 s that Prometheus has would take promtool minutes, and
   * change nothing of a share.
   *
   * @default 30s
   */
  readonly every?: "5m";
  readonly series: Readonly<Record<string, string>>;
  /** By the time after the first sample; of each time all that fire. */
  readonly at: Readonly<Record<string, readonly Told[]>>;
}

/** Series, and what the recording rules make of them. */
export interface RecordingCase {
  readonly what: string;
  readonly series: Readonly<Record<string, string>>;
  /** Values after ten minutes; nothing where none is recorded. */
  readonly values: Readonly<Record<string, number | undefined>>;
}

/** So many steps of one, each that many samples long. */
const stairs = (steps: number, samples: number): string =>
  Array.from({ length: steps }, (_, step) => `${step}x${samples - 1}`).join(" ");

const request = (labels: Readonly<Record<string, string>>, name = "traces_spanmetrics_calls_total") =>
  series(name, {
    environment: "dev",
    service: "litellm",
    span_kind: "SPAN_KIND_SERVER",
    http_route: "/v1/chat/completions",
    ...labels,
  });
const answered = { http_response_status_code: "200", status_code: "STATUS_CODE_UNSET" };
const error = { status_code: "STATUS_CODE_ERROR" };
const ok = request(answered);
const failed = request({ http_response_status_code: "500", ...error });
const refused = request({ http_response_status_code: "429", ...error });
const refusedByProvider = request({
  http_response_status_code: "429",
  litellm_provider_error_llm_provider: "openai",
  ...error,
});
const counted = request(answered, "traces_spanmetrics_latency_count");
const inTime = request({ ...answered, le: "30" }, "traces_spanmetrics_latency_bucket");

const call = (
  model: string,
  labels: Readonly<Record<string, string>> = {},
  name = "traces_spanmetrics_calls_total",
) =>
  series(name, {
    environment: "dev",
    service: "litellm",
    span_kind: "SPAN_KIND_CLIENT",
    gen_ai_operation_name: "chat",
    litellm_provider_model: model,
    ...labels,
  });
const llama = "ollama_chat/llama3.1:8b";
const qwen = "ollama_chat/qwen2.5:7b";

const firstToken = (part: string, labels: Readonly<Record<string, string>> = {}) =>
  series(`gen_ai_server_time_to_first_token_seconds_${part}`, {
    environment: "dev",
    job: "litellm",
    instance: "litellm-0/1",
    gen_ai_operation_name: "chat",
    litellm_provider_model: llama,
    ...labels,
  });
const begun = firstToken("count");
const begunInTime = firstToken("bucket", { le: "10" });

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

const failing = "LiteLLM fails more requests for an answer than the objective allows.";
const tooSlow = "LiteLLM answers more slowly than the objective allows.";
const lasts = {
  "1h": "That is more than 14.4 times what is allowed: the budget of 30d is gone within 2.1 days.",
  "6h": "That is more than 6 times what is allowed: the budget of 30d is gone within 5 days.",
  "1d": "That is more than 3 times what is allowed: the budget of 30d is gone within 10 days.",
  "3d": "That is more than what is allowed: the budget of 30d is gone within 30 days.",
};
const burn = (long: keyof typeof lasts, share: string): Told => ({
  labels: { long },
  summary: failing,
  description: `${share} of the requests for an answer failed over ${long}, dev: 99.5 % of them must not fail. ${lasts[long]}`,
});
const slowBurn = (long: keyof typeof lasts, share: string): Told => ({
  labels: { long },
  summary: tooSlow,
  description: `${share} of the requests for an answer took longer than 30 s over ${long}, dev: 95 % of them must end in that time. ${lasts[long]}`,
});

const lateBurn = (long: keyof typeof lasts, share: string): Told => ({
  labels: { long },
  summary: "Streamed answers begin later than the objective allows.",
  description: `${share} of the streamed answers began after more than 10 s over ${long}, dev: 95 % of them must begin in that time. ${lasts[long]}`,
});

const availability: AlertCase[] = [
  {
    alert: "LLMErrorBudgetBurn",
    what: "an hour of answers, then none: the fastest pair fires within ten minutes",
    series: { [ok]: "0+10x120 1200x60", [failed]: "0x120 10+10x60" },
    at: { "64m": [], "70m": [burn("1h", "12.81%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "exactly at the fastest pair's threshold, which must be passed",
    series: { [ok]: "0+3480x80", [failed]: "0+270x80" },
    at: { "40m": [burn("6h", "7.2%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "just above it",
    series: { [ok]: "0+3470x80", [failed]: "0+280x80" },
    at: { "40m": [burn("1h", "7.467%"), burn("6h", "7.467%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "a burst that has ended: the short window ends the alert",
    series: { [ok]: "0+10x120", [failed]: "0+10x20 200x100" },
    at: { "12m": [burn("1h", "48.68%")], "30m": [burn("6h", "26.49%")], "55m": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "4 % of a day's requests: six times the rate, seen over six hours",
    every: "5m",
    series: { [ok]: "0+1000x288 288960+960x72", [failed]: "0x288 40+40x72" },
    at: { "28h": [], "29h30m": [burn("6h", "3.616%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "2 %, for hours: the pair of a day, and the one of three days after it",
    every: "5m",
    series: { [ok]: "0+980x72", [failed]: "0+20x72" },
    at: { "50m": [], "2h": [burn("1d", "2%")], "5h": [burn("1d", "2%"), burn("3d", "2%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "0.6 %: just over the allowed rate, for hours",
    every: "5m",
    series: { [ok]: "0+994x72", [failed]: "0+6x72" },
    at: { "2h": [], "6h": [burn("3d", "0.6%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "0.4 %: within the budget",
    every: "5m",
    series: { [ok]: "0+996x72", [failed]: "0+4x72" },
    at: { "2h": [], "6h": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "no request for hours, and some before: nothing is no share",
    series: { [ok]: "100x100", [failed]: "100x100" },
    at: { "20m": [], "50m": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "one request, which failed",
    series: { [failed]: "0x20 1x100" },
    at: { "11m": [], "15m": [], "30m": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "18 requests, fewer than the minimum, all failed",
    series: { [failed]: stairs(19, 6) },
    at: { "30m": [], "56m": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "30 requests, all failed",
    series: { [failed]: stairs(31, 4) },
    at: { "30m": [], "60m": [burn("1h", "100%"), burn("6h", "100%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "three failures among 30 requests: too few to call anybody",
    series: { [ok]: stairs(28, 4), [failed]: "0x40 1x20 2x20 3x40" },
    at: { "30m": [], "50m": [], "56m": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "callers that are refused, as many as are answered",
    series: { [ok]: "0+10x120", [refused]: "0+10x120" },
    at: { "30m": [], "1h": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "a provider that refuses LiteLLM",
    series: { [ok]: "0+10x120", [refusedByProvider]: "0+10x120" },
    at: { "1h": [burn("1h", "50%"), burn("6h", "50%")] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "counters that begin anew with Tempo, of old failures and new answers",
    series: { [ok]: "5000+10x60 0+10x60", [failed]: "4000x60 0x60" },
    at: { "31m": [], "40m": [], "1h": [] },
  },
  {
    alert: "LLMErrorBudgetBurn",
    what: "failures that go on while Tempo restarts and sends nothing for a minute",
    series: { [ok]: "5000+5x60 _x2 0+5x60", [failed]: "4000+5x60 _x2 0+5x60" },
    at: { "40m": [burn("1h", "50%"), burn("6h", "50%")] },
  },
];

const latency: AlertCase[] = [
  {
    alert: "LLMLatencyBudgetBurn",
    what: "half an hour in time, then all slow",
    series: { [ok]: "0+10x200", [counted]: "0+10x200", [inTime]: "0+10x60 600x140" },
    at: {
      "40m": [],
      "64m": [slowBurn("6h", "51.42%")],
      "85m": [slowBurn("1h", "87.19%"), slowBurn("6h", "63.75%")],
    },
  },
  {
    alert: "LLMLatencyBudgetBurn",
    what: "20 % slow, for hours",
    every: "5m",
    series: { [ok]: "0+100x72", [counted]: "0+100x72", [inTime]: "0+80x72" },
    at: { "50m": [], "2h": [slowBurn("1d", "20%")], "5h": [slowBurn("1d", "20%"), slowBurn("3d", "20%")] },
  },
  {
    alert: "LLMLatencyBudgetBurn",
    what: "8 % slow, for hours",
    every: "5m",
    series: { [ok]: "0+100x72", [counted]: "0+100x72", [inTime]: "0+92x72" },
    at: { "2h": [], "5h": [slowBurn("3d", "8%")] },
  },
  {
    alert: "LLMLatencyBudgetBurn",
    what: "4 % slow, within the budget, over a restart of Tempo",
    every: "5m",
    series: { [ok]: "0+100x36 0+100x36", [counted]: "0+100x36 0+100x36", [inTime]: "0+96x36 0+96x36" },
    at: { "5h": [], "6h": [] },
  },
];

const firstTokens: AlertCase[] = [
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "half an hour in time, then all late",
    series: { [begun]: "0+10x200", [begunInTime]: "0+10x60 600x140" },
    at: {
      "40m": [],
      "64m": [lateBurn("6h", "51.42%")],
      "85m": [lateBurn("1h", "87.19%"), lateBurn("6h", "63.75%")],
    },
  },
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "the same, while what was at the bound goes to the other side, as LiteLLM's buckets grow wider",
    series: { [begun]: "0+10x200", [begunInTime]: "0+10x60 600x50 597x90" },
    at: { "85m": [lateBurn("1h", "78.93%"), lateBurn("6h", "57.7%")] },
  },
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "20 % late, for hours",
    every: "5m",
    series: { [begun]: "0+100x72", [begunInTime]: "0+80x72" },
    at: { "50m": [], "2h": [lateBurn("1d", "20%")], "5h": [lateBurn("1d", "20%"), lateBurn("3d", "20%")] },
  },
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "8 % late, for hours, of two processes",
    every: "5m",
    series: {
      [begun]: "0+50x72",
      [begunInTime]: "0+46x72",
      [firstToken("count", { instance: "litellm-1/1" })]: "0+50x72",
      [firstToken("bucket", { instance: "litellm-1/1", le: "10" })]: "0+46x72",
    },
    at: { "2h": [], "5h": [lateBurn("3d", "8%")] },
  },
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "4 % late, within the budget, over a restart of LiteLLM",
    every: "5m",
    series: { [begun]: "0+100x36 0+100x36", [begunInTime]: "0+96x36 0+96x36" },
    at: { "5h": [], "6h": [] },
  },
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "18 streams, fewer than the minimum, all late",
    series: { [begun]: stairs(19, 6), [begunInTime]: "0x120" },
    at: { "30m": [], "56m": [] },
  },
  {
    alert: "LLMFirstTokenBudgetBurn",
    what: "many requests that fail and take long, and streams that begin in time",
    series: {
      [failed]: "0+100x120",
      [counted]: "0+100x120",
      [inTime]: "0x120",
      [begun]: "0+10x120",
      [begunInTime]: "0+10x120",
    },
    at: { "30m": [], "1h": [] },
  },
];

const models: AlertCase[] = [
  {
    alert: "LLMModelFailing",
    what: "three of ten calls of one model fail, none of the other's",
    series: { [call(llama)]: "0+7x40", [call(llama, error)]: "0+3x40", [call(qwen)]: "0+10x40" },
    at: {
      "4m": [],
      "15m": [
        {
          labels: { litellm_provider_model: llama },
          summary: `Calls to the model ${llama} fail.`,
          description: `30% of the calls to ${llama} failed over 15m. LiteLLM may still answer, with another model.`,
        },
      ],
    },
  },
  {
    alert: "LLMModelFailing",
    what: "a new model, whose first calls all fail: too few",
    series: { [call(qwen)]: "0+10x60", [call(llama, error)]: "_x20 0+1x10 10x30" },
    at: { "15m": [], "20m": [], "30m": [] },
  },
  {
    alert: "LLMModelFailing",
    what: "exactly every fifth call fails, over a restart of Tempo",
    series: { [call(llama)]: "0+8x30 0+8x30", [call(llama, error)]: "0+2x30 0+2x30" },
    at: { "14m": [], "25m": [] },
  },
  {
    alert: "LLMModelSlow",
    what: "six of ten calls are slow",
    series: {
      [call(llama)]: "0+10x80",
      [call(llama, {}, "traces_spanmetrics_latency_count")]: "0+10x80",
      [call(llama, { le: "30" }, "traces_spanmetrics_latency_bucket")]: "0+4x80",
    },
    at: {
      "14m": [],
      "25m": [
        {
          labels: { litellm_provider_model: llama },
          summary: `The model ${llama} is slow.`,
          description: `60% of the calls to ${llama} took longer than 30 s over 15m.`,
        },
      ],
    },
  },
  {
    alert: "LLMModelSlow",
    what: "four of ten calls are slow; and one model is not called any more",
    series: {
      [call(llama)]: "0+10x80",
      [call(llama, {}, "traces_spanmetrics_latency_count")]: "0+10x80",
      [call(llama, { le: "30" }, "traces_spanmetrics_latency_bucket")]: "0+6x80",
      [call(qwen)]: "100x80",
      [call(qwen, {}, "traces_spanmetrics_latency_count")]: "100x80",
      [call(qwen, { le: "30" }, "traces_spanmetrics_latency_bucket")]: "0x80",
    },
    at: { "25m": [], "40m": [] },
  },
  {
    alert: "LLMModelQuiet",
    what: "a busy model that nobody calls any more, while another is called",
    series: { [call(llama)]: "0+2x150 300x60", [call(qwen)]: "0+2x210" },
    at: {
      "89m": [],
      "92m": [
        {
          labels: { litellm_provider_model: llama },
          summary: `Nobody calls the model ${llama} any more, while others are called.`,
          description: `No call to ${llama} for 15m, after 232 in the hour before.`,
        },
      ],
    },
  },
  {
    alert: "LLMModelQuiet",
    what: "the end of the day: nobody calls any model",
    series: { [call(llama)]: "0+2x150 300x60", [call(qwen)]: "0+2x150 300x60" },
    at: { "89m": [], "92m": [], "100m": [] },
  },
  {
    alert: "LLMModelQuiet",
    what: "a model that few call, between two calls",
    series: { [call(llama)]: `${stairs(30, 5)} 30x60`, [call(qwen)]: "0+2x210" },
    at: { "92m": [], "100m": [] },
  },
  {
    alert: "LLMModelQuiet",
    what: "Tempo is back after half an hour, and one model was called before the other",
    series: { [call(llama)]: "0+2x150 _x60 _x60", [call(qwen)]: "0+2x150 _x60 0 1 2x60" },
    at: { "107m": [], "110m": [] },
  },
];

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

export const alertCases: readonly AlertCase[] = [
  ...availability,
  ...latency,
  ...firstTokens,
  ...models,
  ...spans,
  ...losses,
  ...writing,
  ...housekeeping,
  ...collectorCases,
];

const served = 'environment:llm_answers_served:rate5m{environment="dev"}';
const failedRate = 'environment:llm_answers_failed:rate5m{environment="dev"}';
const slow = 'environment:llm_answers_slow:rate5m{environment="dev"}';
const begunRate = 'environment:llm_streams_begun:rate5m{environment="dev"}';
const late = 'environment:llm_streams_late:rate5m{environment="dev"}';

export const recordingCases: readonly RecordingCase[] = [
  {
    what: "requests of every outcome",
    series: {
      [ok]: "0+30x20",
      [failed]: "0+15x20",
      [refused]: "0+60x20",
      [refusedByProvider]: "0+15x20",
      [counted]: "0+30x20",
      [inTime]: "0+15x20",
    },
    values: { [served]: 2, [failedRate]: 1, [slow]: 0.5 },
  },
  {
    what: "requests none of which failed: 0, not nothing",
    series: { [ok]: "0+30x20", [counted]: "0+30x20", [inTime]: "0+30x20" },
    values: { [served]: 1, [failedRate]: 0, [slow]: 0 },
  },
  {
    what: "no requests",
    series: {},
    values: { [served]: undefined, [failedRate]: undefined, [slow]: undefined },
  },
  {
    what: "streams of two models, of which one begins late at times, and those of another environment and program",
    series: {
      [begun]: "0+30x20",
      [begunInTime]: "0+15x20",
      [firstToken("count", { litellm_provider_model: qwen })]: "0+30x20",
      [firstToken("bucket", { litellm_provider_model: qwen, le: "10" })]: "0+30x20",
      [firstToken("count", { environment: "prod" })]: "0+90x20",
      [firstToken("count", { job: "another" })]: "0+90x20",
    },
    values: { [begunRate]: 2, [late]: 0.5, [served]: undefined },
  },
  {
    what: "streams none of which began late: 0, not nothing",
    series: { [begun]: "0+30x20", [begunInTime]: "0+30x20" },
    values: { [begunRate]: 1, [late]: 0 },
  },
  {
    what: "streams that went to the other side of the bound: 0, not less",
    series: { [begun]: "0+30x20", [begunInTime]: "0+30x15 449+30x5" },
    values: { [begunRate]: 1, [late]: 0 },
  },
  {
    what: "no streams",
    series: { [ok]: "0+30x20" },
    values: { [served]: 1, [begunRate]: undefined, [late]: undefined },
  },
];

import type { AlertCase } from "./case.ts";
import { series } from "./series.ts";

const otel = (name: string, labels: Readonly<Record<string, string>> = {}, replica = 0) =>
  series(`otelcol_${name}`, {
    namespace: "tracing",
    pod: `otel-${replica}`,
    instance: `10.0.0.${8 + replica}:8888`,
    job: "otel",
    ...labels,
  });

const runs = (replica: number) => otel("process_runtime_heap_alloc_bytes", {}, replica);
const toTempo = { exporter: "otlp_http/tempo", data_type: "traces" };
const size = (replica = 0) => otel("exporter_queue_size", toTempo, replica);
const capacity = (replica = 0) => otel("exporter_queue_capacity", toTempo, replica);
const sent = (replica = 0) =>
  otel("exporter_sent_spans", { exporter: "otlp_http/tempo", server_port: "4318" }, replica);
const refused = (item: string, replica = 0) =>
  otel(`receiver_refused_${item}`, { receiver: "otlp", transport: "http" }, replica);
const dropped = (item: string, exporter: string) => otel(`exporter_send_failed_${item}`, { exporter });

const filled = { [capacity()]: "1000x400", [capacity(1)]: "1000x400" };

/** What the collector's alerts must say. */
export const collectorCases: readonly AlertCase[] = [
  {
    alert: "CollectorDown",
    what: "both end, and Tempo goes on",
    series: { [runs(0)]: "8e6x20", [runs(1)]: "8e6x10 _x10" },
    at: {
      "9m": [],
      "22m": [
        {
          labels: { namespace: "tracing" },
          summary: "No collector runs, or Prometheus reaches none.",
          description:
            "No collector in the namespace tracing has been scraped for 5 minutes. While none runs, traces, metrics and logs are lost.",
        },
      ],
    },
  },
  {
    alert: "CollectorDown",
    what: "one of two goes on, and another namespace's have ended",
    series: {
      [runs(0)]: "8e6x20",
      [runs(1)]: "8e6x80",
      [runs(0).replace('"tracing"', '"other"')]: "8e6x20",
    },
    at: { "22m": [], "35m": [] },
  },
  {
    alert: "CollectorReplicaMissing",
    what: "one of two ends",
    series: { [runs(0)]: "8e6x20", [runs(1)]: "8e6x80" },
    at: {
      "25m": [],
      "32m": [
        {
          summary: "A replica of the collector is missing.",
          description:
            "1 of 2 collectors in tracing have been scraped for 15 minutes. What waits in the queue of the missing one is not delivered.",
        },
      ],
    },
  },
  {
    alert: "CollectorReplicaMissing",
    what: "one after the other begins anew, under another address",
    series: {
      [runs(0)]: "8e6x20 _x12 8e6x60",
      [runs(1)]: "8e6x40 stale _x10 stale",
      [runs(1).replace("10.0.0.9", "10.0.0.12")]: "_x44 8e6x50",
    },
    at: { "20m": [], "30m": [], "45m": [] },
  },
  {
    alert: "CollectorRefusing",
    what: "spans, and points of the same protocol, minute after minute, by both replicas",
    series: {
      [refused("spans")]: "0x20 20+20x40",
      [refused("spans", 1)]: "0x20 5+5x40",
      [refused("metric_points")]: "0x20 10+10x40",
    },
    at: {
      "14m": [],
      "20m": [
        {
          summary: "The collector refuses what applications send.",
          description:
            "The collector answered 350 spans, metric points and log records with an error within 5 minutes. Applications try again for a minute, then drop them.",
        },
      ],
    },
  },
  {
    alert: "CollectorRefusing",
    what: "one batch, which its sender sends again; old ones before a restart",
    series: { [refused("spans")]: "500x20 0x20 300x40", [refused("log_records")]: "0x80" },
    at: { "11m": [], "22m": [], "26m": [], "30m": [] },
  },
  {
    alert: "CollectorExporterFailing",
    what: "Tempo is away: something waits, and nothing goes out",
    series: {
      [sent()]: "0+50x20 1000x60",
      [sent(1)]: "0+50x20 1000x60",
      [size()]: "0x20 10+10x60",
      [size(1)]: "0x20 10+10x60",
    },
    at: {
      "15m": [],
      "22m": [
        {
          labels: { exporter: "otlp_http/tempo" },
          summary: "The collector delivers nothing to otlp_http/tempo.",
          description:
            "2 of the collectors sent nothing through otlp_http/tempo for 5 minutes, while something waits. Nothing is lost until the queue is full.",
        },
      ],
    },
  },
  {
    alert: "CollectorExporterFailing",
    what: "Tempo was never there: there is no series of what was sent",
    series: { [size()]: "10+10x60" },
    at: {
      "4m": [],
      "12m": [
        {
          labels: { exporter: "otlp_http/tempo" },
          summary: "The collector delivers nothing to otlp_http/tempo.",
          description:
            "1 of the collectors sent nothing through otlp_http/tempo for 5 minutes, while something waits. Nothing is lost until the queue is full.",
        },
      ],
    },
  },
  {
    alert: "CollectorExporterFailing",
    what: "busy: something waits at each scrape, and goes out; and an idle one",
    series: { [sent()]: "0+50x80", [size()]: "40x80", [sent(1)]: "700x80", [size(1)]: "0x80" },
    at: { "12m": [], "30m": [] },
  },
  {
    alert: "CollectorQueueFilling",
    what: "0.4 % of the queue a minute: full within four hours",
    series: { ...filled, [size()]: "0x20 2+2x300", [size(1)]: "0x320" },
    at: {
      "40m": [],
      "65m": [
        {
          labels: { exporter: "otlp_http/tempo" },
          summary: "The collector's queue to otlp_http/tempo will be full within 4 hours.",
          description:
            "22% of a queue to otlp_http/tempo is filled. If it fills on as in the last 30 minutes, it is full within 4 hours; then the collector refuses.",
        },
      ],
    },
  },
  {
    alert: "CollectorQueueFilling",
    what: "slower; a peak that goes down; and one that stays as it is",
    series: { ...filled, [size()]: "100+0.3x300", [size(1)]: "600-5x80 200x220" },
    at: { "30m": [], "90m": [], "140m": [] },
  },
  {
    alert: "CollectorQueueFull",
    what: "95 %",
    series: { ...filled, [size()]: "800x20 950x60", [size(1)]: "0x80" },
    at: {
      "10m": [],
      "12m": [
        {
          labels: { exporter: "otlp_http/tempo" },
          summary: "The collector's queue to otlp_http/tempo is full.",
          description:
            "95% of a queue to otlp_http/tempo is filled. What does not fit is refused, and lost after a minute.",
        },
      ],
    },
  },
  {
    alert: "CollectorQueueFull",
    what: "exactly 90 %",
    series: { ...filled, [size()]: "900x80" },
    at: { "10m": [], "30m": [] },
  },
  {
    alert: "CollectorDropping",
    what: "wrong credentials: the first of its series, and one that grows",
    series: {
      [dropped("log_records", "otlp_http/openobserve")]: "_x20 7x60",
      [dropped("spans", "otlp_http/tempo")]: "0x20 30x60",
    },
    at: {
      "9m": [],
      "12m": [
        {
          labels: { exporter: "otlp_http/openobserve" },
          summary: "The collector loses what otlp_http/openobserve is to send.",
          description:
            "7 spans or log records of 15 minutes were refused for good by the store behind otlp_http/openobserve. They are lost.",
        },
        {
          labels: { exporter: "otlp_http/tempo" },
          summary: "The collector loses what otlp_http/tempo is to send.",
          description:
            "30 spans or log records of 15 minutes were refused for good by the store behind otlp_http/tempo. They are lost.",
        },
      ],
      "30m": [],
    },
  },
  {
    alert: "CollectorDropping",
    what: "old ones, over a restart and twenty minutes without Prometheus",
    series: { [dropped("spans", "otlp_http/tempo")]: "7x60 0x20 _x40 0x40" },
    at: { "31m": [], "60m": [], "70m": [] },
  },
  {
    alert: "CollectorDropping",
    what: "points of metrics alone",
    series: { [dropped("metric_points", "prometheus_remote_write")]: "0x20 30x60" },
    at: { "22m": [], "30m": [] },
  },
  {
    alert: "CollectorDroppingMetrics",
    what: "Prometheus refuses them on end",
    series: { [dropped("metric_points", "prometheus_remote_write")]: "0x20 0+3x160" },
    at: {
      "20m": [],
      "30m": [
        {
          labels: { exporter: "prometheus_remote_write" },
          summary: "The collector loses what prometheus_remote_write is to send.",
          description:
            "30 points of metrics of 5 minutes are lost, and some were for 15 minutes: Prometheus refused them for good, or did not take them for ten minutes.",
        },
      ],
    },
  },
  {
    alert: "CollectorDroppingMetrics",
    what: "some that were out of order once, after an outage; and spans",
    series: {
      [dropped("metric_points", "prometheus_remote_write")]: "0x40 500x160",
      [dropped("spans", "otlp_http/tempo")]: "0+3x160",
    },
    at: { "22m": [], "36m": [], "60m": [] },
  },
];

import { checkNames } from "../../../cli/smoke/run.ts";
import {
  earlier,
  probeCalls,
  probeEdges,
  tempoMetrics,
  vector,
  type Counted,
  type Misbehaviour,
  type Say,
} from "./fake-stack.ts";

/** What goes wrong, which checks fail of it, and what each of them says. */
export interface Case {
  readonly when: string;
  /** @default one process */
  readonly tempo?: "distributed";
  readonly wrong: Misbehaviour;
  readonly fails: readonly string[];
  readonly unchecked?: readonly string[];
  readonly says: RegExp;
}

const on =
  (path: string, body: unknown, status?: number): Say =>
  (url) =>
    url.pathname.startsWith(path) ? { status, body } : undefined;

/** What Prometheus says to instant queries that begin so. */
export const query =
  (start: string, body: unknown, also?: Say): Say =>
  (url) =>
    url.pathname === "/api/v1/query" && url.searchParams.get("query")!.startsWith(start)
      ? { body }
      : also?.(url);

/** Tempo's metrics, which have grown when they are asked for again. */
function growing(text: (time: number) => string): Say {
  let time = 0;
  return (url) => (url.pathname === "/metrics" ? { body: text(time++) } : undefined);
}

const ofTrace = checkNames.filter((name) => !/OTLP|signal/.test(name));
const ofTempo = ["trace by its id", "trace by search", "every signal answers"];
const ofPrometheus = checkNames.filter((name) => !/OTLP|trace/.test(name));
const noMetrics = (also?: Say): Say => query("traces_spanmetrics", vector(), also);
const noEdges: Say = query("traces_service_graph", vector());
const flags = (values: object): Say => on("/api/v1/status/flags", { data: values });

/** Spans that Tempo refused for good: each time it is asked, more. */
function droppingForGood(): Say {
  let time = 0;
  return (url) =>
    url.searchParams.get("query")?.startsWith("sum(otelcol_exporter_send_failed_spans{") &&
    !url.pathname.endsWith("range")
      ? { body: vector([{}, 7 + time++]) }
      : undefined;
}

/** A distributed Tempo, whose API is a query-frontend's, as Prometheus has scraped its pods: each time it is asked, once more. */
function scraped(series: (time: number) => readonly Counted[], { again = true } = {}) {
  const times = { counters: 0, clock: 0 };
  const prometheus: Say = (url) =>
    query("{__name__=~", undefined)(url)
      ? { body: vector(...series(times.counters++)) }
      : query("timestamp(process_start_time_seconds{", undefined)(url)
        ? { body: vector([{ pod: "tempo-metrics-generator-7" }, 1e9 + (again ? times.clock++ : 0)]) }
        : noMetrics()(url);
  return { prometheus, tempo: on("/metrics", "tempo_query_frontend_queries_total 1\n") };
}

/** What generators and distributors tell when all is well, and more. */
const roles = (received: number, ...more: readonly Counted[]): Counted[] => [
  ...["span-metrics", "service-graphs"].map((processor): Counted => [
    { __name__: "tempo_metrics_generator_active_processors", pod: "tempo-metrics-generator-7", processor },
    1,
  ]),
  [{ __name__: "tempo_metrics_generator_spans_received_total", pod: "tempo-metrics-generator-7" }, received],
  ...more,
];

const discarded = { __name__: "tempo_discarded_spans_total", reason: "rate_limited" };
const writes = { __name__: "prometheus_remote_storage_samples_failed_total", url: "http://prom/w" };

/** How often the calls to LiteLLM, and those to the provider, were counted in the end. */
function edges(toLitellm: number, toProvider: number): Say {
  const [first, second] = [probeEdges(toLitellm)[0]!, probeEdges(toProvider)[1]!];
  return (url) =>
    url.searchParams.get("query")?.endsWith("s]")
      ? query("traces_service_graph", vector(first, second))(url)
      : undefined;
}

/** Every way in which a deployment is known to be wrong. */
export const cases: readonly Case[] = [
  {
    when: "nothing listens at the OTLP address",
    wrong: { otlp: "down" },
    fails: ["OTLP takes a trace"],
    unchecked: ofTrace,
    says: /OTLP at http:\S+ cannot be reached: nothing listens there\..*port-forward/,
  },
  {
    when: "the OTLP address hangs",
    wrong: { otlp: "hangs" },
    fails: ["OTLP takes a trace"],
    unchecked: ofTrace,
    says: /OTLP at http:\S+ did not answer within \d s\..*NetworkPolicy/,
  },
  {
    when: "the OTLP address is the one for gRPC",
    wrong: { otlp: "grpc" },
    fails: ["OTLP takes a trace"],
    unchecked: ofTrace,
    says: /OTLP at http:\S+ cannot be reached: .*4317 is OTLP over gRPC, OTLP over HTTP is 4318/,
  },
  {
    when: "the OTLP address is another server's",
    wrong: { otlp: on("/", "not found", 404) },
    fails: ["OTLP takes a trace"],
    unchecked: ofTrace,
    says: /OTLP answered 404: not found\..*another port of it/,
  },
  {
    when: "the OTLP address is a web page's",
    wrong: { otlp: on("/", "<html>") },
    fails: ["OTLP takes a trace"],
    unchecked: ofTrace,
    says: /no OTLP, but "<html>"/,
  },
  {
    when: "OTLP wants credentials",
    wrong: { otlp: on("/", "no org id", 401) },
    fails: ["OTLP takes a trace"],
    unchecked: ofTrace,
    says: /OTLP answered 401: no org id\..*tenant/,
  },
  {
    when: "OTLP has a limit",
    wrong: { otlp: on("/", "RATE_LIMITED", 429) },
    fails: ["OTLP takes a trace"],
    unchecked: ofTrace,
    says: /OTLP answered 429: RATE_LIMITED\..*rate_limit_bytes/,
  },
  {
    when: "the collector's queue is full",
    wrong: { otlp: on("/", "sending queue is full", 503) },
    fails: ["OTLP takes a trace"],
    unchecked: ofTrace,
    says: /OTLP answered 503: sending queue is full\..*a queue or its volume is full.*Rejecting data/,
  },
  {
    when: "OTLP takes a part of the spans",
    wrong: { otlp: on("/", { partialSuccess: { rejectedSpans: "3" } }) },
    fails: ["OTLP takes a trace"],
    unchecked: ofTrace,
    says: /it refused 3 spans/,
  },
  {
    when: "Tempo is down",
    wrong: { tempo: "down" },
    fails: ofTempo,
    says: /Tempo at http:\S+ cannot be reached: nothing listens there\..*port-forward has ended/,
  },
  {
    when: "Tempo hangs",
    wrong: { tempo: "hangs" },
    fails: ofTempo,
    says: /Tempo at http:\S+ did not answer within \d s\..*NetworkPolicy/,
  },
  {
    when: "Prometheus is down",
    wrong: { prometheus: "down" },
    fails: ofPrometheus,
    says: /Prometheus at http:\S+ cannot be reached: nothing listens there\..*port-forward has ended/,
  },
  {
    when: "Prometheus hangs",
    wrong: { prometheus: "hangs" },
    fails: ofPrometheus,
    says: /Prometheus at http:\S+ did not answer within \d s\..*NetworkPolicy/,
  },
  {
    when: "a login page stands before Prometheus",
    wrong: { prometheus: on("/", "<html>Sign in") },
    fails: ofPrometheus,
    says: /does not speak JSON: is this really Prometheus\? It says: <html>Sign in.*proxy/,
  },
  {
    when: "Tempo does not know the trace",
    wrong: { tempo: on("/api/v2/traces/", "not found", 404) },
    fails: ["trace by its id"],
    says: /Tempo has 0 of its 6 spans\..*Another Tempo was asked than was sent to/,
  },
  {
    when: "Tempo drops spans",
    wrong: {
      tempo: (url) => on("/api/v2/traces/", {})(url) ?? dropping(url),
    },
    fails: ["trace by its id"],
    says: /Tempo has 0 of its 6 spans\..*Tempo drops spans: rate_limited/,
  },
  {
    when: "the collector keeps the trace",
    wrong: { tempo: on("/api/v2/traces/", {}), prometheus: query("max(otelcol_", vector([{}, 0.03])) },
    fails: ["trace by its id"],
    says: /Tempo has 0 of its 6 spans\..*It waits in the collector: 3 % of a queue to Tempo is filled.*Exporting failed/,
  },
  {
    when: "Tempo refuses for good what the collector sends",
    wrong: {
      tempo: on("/api/v2/traces/", {}),
      prometheus: query("max(otelcol_", vector([{}, 0]), droppingForGood()),
    },
    fails: ["trace by its id"],
    says: /Tempo has 0 of its 6 spans\..*Tempo refused for good what the collector sent it.*Dropping data/,
  },
  {
    when: "the collector has nothing, and never lost anything",
    wrong: {
      tempo: on("/api/v2/traces/", {}),
      prometheus: query(
        "max(otelcol_",
        vector([{}, 0]),
        query("sum(otelcol_exporter_send_failed", vector([{}, 7])),
      ),
    },
    fails: ["trace by its id"],
    says: /Tempo has 0 of its 6 spans\..*Another Tempo was asked than was sent to/,
  },
  {
    when: "the search finds nothing",
    wrong: { tempo: on("/api/search", { traces: [{ traceID: "1" }] }) },
    fails: ["trace by search"],
    says: /finds nothing\..*30 s after/,
  },
  {
    when: "Prometheus takes no remote writes",
    wrong: { prometheus: noMetrics(flags({ "web.enable-remote-write-receiver": "false" })) },
    fails: ["span metrics"],
    says: /has not counted the trace\..*without its remote-write receiver.*enableRemoteWriteReceiver/,
  },
  {
    when: "Prometheus takes no remote writes, and has no edges either",
    wrong: {
      prometheus: (url) =>
        noMetrics(flags({ "web.enable-remote-write-receiver": "false" }))(url) ?? noEdges(url),
    },
    fails: ["span metrics", "edge Open WebUI → LiteLLM", "edge LiteLLM → provider"],
    says: /without its remote-write receiver/,
  },
  {
    when: "the generator is off",
    wrong: { prometheus: noMetrics(), tempo: on("/metrics", "tempo_build_info 1\n") },
    fails: ["span metrics"],
    says: /metrics generator does not run service-graphs and span-metrics/,
  },
  {
    when: "the generator gets no spans",
    wrong: { prometheus: noMetrics(), tempo: on("/metrics", tempoMetrics(5)) },
    fails: ["span metrics"],
    says: /metrics generator gets no spans/,
  },
  {
    when: "spans come too late to be counted",
    wrong: {
      prometheus: noMetrics(),
      tempo: growing((n) =>
        tempoMetrics(
          n,
          `tempo_metrics_generator_spans_discarded_total{reason="outside_metrics_ingestion_slack"} ${n}\n`,
        ),
      ),
    },
    fails: ["span metrics"],
    says: /Spans reach Tempo more than 30 s after their end/,
  },
  {
    when: "the generator has no room for series",
    wrong: {
      prometheus: noMetrics(),
      tempo: growing((n) => tempoMetrics(n, `tempo_metrics_generator_registry_series_limited_total ${n}\n`)),
    },
    fails: ["span metrics"],
    says: /as many series as it may have\..*tempo\.maxActiveSeries/,
  },
  {
    when: "Tempo's writes fail",
    wrong: {
      prometheus: noMetrics(flags({})),
      tempo: growing((n) =>
        tempoMetrics(n, `prometheus_remote_storage_samples_failed_total{url="http://prom/w"} ${n}\n`),
      ),
    },
    fails: ["span metrics"],
    says: /Tempo's writes to http:\/\/prom\/w fail/,
  },
  {
    when: "Tempo writes to another Prometheus",
    wrong: {
      prometheus: noMetrics(),
      tempo: growing((n) =>
        tempoMetrics(n, 'prometheus_remote_storage_samples_failed_total{url="http://prom/w"} 0\n'),
      ),
    },
    fails: ["span metrics"],
    says: /writes its metrics to http:\/\/prom\/w, which may not be the one that was asked/,
  },
  {
    when: "Tempo is distributed, and nobody scrapes it",
    tempo: "distributed",
    wrong: { ...scraped(() => []), prometheus: noMetrics() },
    fails: ["span metrics"],
    says: /Tempo writes its metrics to another Prometheus, which may not be/,
  },
  {
    when: "Tempo is distributed, and was not scraped since",
    tempo: "distributed",
    wrong: scraped(() => roles(5), { again: false }),
    fails: ["span metrics"],
    says: /Tempo writes its metrics to another Prometheus, which may not be/,
  },
  {
    when: "the generators of a distributed Tempo get no spans",
    tempo: "distributed",
    wrong: scraped(() => roles(5)),
    fails: ["span metrics"],
    says: /metrics generator gets no spans/,
  },
  {
    when: "spans come too late to a distributed Tempo",
    tempo: "distributed",
    wrong: scraped((time) =>
      roles(time, [
        {
          __name__: "tempo_metrics_generator_spans_discarded_total",
          reason: "outside_metrics_ingestion_slack",
        },
        time,
      ]),
    ),
    fails: ["span metrics"],
    says: /Spans reach Tempo more than 5 min after their end/,
  },
  {
    when: "a distributed Tempo drops spans",
    tempo: "distributed",
    wrong: {
      ...scraped((time) => roles(time, [{ ...discarded, pod: "tempo-distributor-7" }, time], [writes, 0])),
      tempo: on("/api/v2/traces/", {}),
    },
    fails: ["trace by its id", "span metrics"],
    says: /Tempo drops spans: rate_limited|writes its metrics to http:\/\/prom\/w,/,
  },
  {
    when: "Tempo's clock is ahead",
    wrong: { prometheus: noMetrics(), tempoAhead: 90 },
    fails: ["span metrics"],
    says: /Tempo's clock is 1 min (29|30|31) s ahead of this machine's|Tempo's clock is 1 min 30 s ahead/,
  },
  {
    when: "spans are counted twice",
    wrong: {
      prometheus: (url) =>
        url.searchParams.get("query")?.endsWith("s]")
          ? query("traces_spanmetrics", vector(...probeCalls(earlier + 2)))(url)
          : undefined,
    },
    fails: ["span metrics"],
    says: /open-webui SPAN_KIND_SERVER of the trace is counted 2 times, not 1: two Tempos/,
  },
  {
    when: "Prometheus keeps no exemplars",
    wrong: {
      prometheus: (url) =>
        on("/api/v1/query_exemplars", { data: [] })(url) ?? flags({ "enable-feature": "" })(url),
    },
    fails: ["exemplar"],
    says: /without exemplar storage\..*--enable-feature=exemplar-storage/,
  },
  {
    when: "there is an exemplar of another trace only",
    wrong: {
      prometheus: on("/api/v1/query_exemplars", { data: [{ exemplars: [{ labels: { traceID: "1" } }] }] }),
    },
    fails: ["exemplar"],
    says: /The trace's latency has no exemplar/,
  },
  {
    when: "the calls to LiteLLM do not rise",
    wrong: { prometheus: edges(earlier, earlier + 1) },
    fails: ["edge Open WebUI → LiteLLM"],
    says: /no new call from llm-tracing-smoke-open-webui to \S+\..*two halves of the call did not meet/,
  },
  {
    when: "the provider is not in the service graph yet",
    wrong: { prometheus: edges(earlier + 1, earlier) },
    fails: ["edge LiteLLM → provider"],
    says: /no new call from \S+ to llm-tracing-smoke\..*tempo\.longestAnswer \(3 min\) after the call.*--deadline 5m/,
  },
  {
    when: "Prometheus refuses a query",
    wrong: {
      prometheus: (url) =>
        url.searchParams.get("query")?.startsWith("histogram_quantile(0.5")
          ? { status: 400, body: "bad_data: parse error" }
          : undefined,
    },
    fails: ["every signal answers"],
    says: /"LiteLLM Latency Percentiles": Prometheus answered 400: bad_data: parse error/,
  },
];

const dropping = growing((n) => tempoMetrics(n, `tempo_discarded_spans_total{reason="rate_limited"} ${n}\n`));

import type { Query } from "../telemetry/signals.ts";
import { getJson } from "./http.ts";

/** Where signals are answered. */
export interface Backends {
  /** Tempo's HTTP API, such as `http://127.0.0.1:3200`. */
  readonly tempo: string;
  readonly prometheus: string;
}

/** A time range in seconds since 1970, and the values of dashboard variables. */
export interface Question {
  readonly from: number;
  readonly to: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** A line of a graph. */
export interface Series {
  /** Labels, as Prometheus or Tempo gives them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

/** A trace that a search found. */
export interface FoundTrace {
  /** Without leading zeros, as Tempo's search gives it. */
  readonly traceID: string;
  readonly rootServiceName?: string;
  readonly rootTraceName?: string;
  readonly durationMs?: number;
  readonly startTimeUnixNano: string;
  readonly spanSets?: readonly { readonly spans: readonly FoundSpan[] }[];
}

/** A span that a search matched, with the attributes that the query selected. */
export interface FoundSpan {
  readonly spanID: string;
  readonly name?: string;
  readonly durationNanos?: string;
  readonly attributes?: readonly {
    readonly key: string;
    readonly value: Readonly<Record<string, unknown>>;
  }[];
}

/** What came back. */
export type Answer =
  | { readonly kind: "series"; readonly series: readonly Series[] }
  | { readonly kind: "traces"; readonly traces: readonly FoundTrace[] }
  | { readonly kind: "spans"; readonly count: number }
  | { readonly kind: "not-asked"; readonly why: string };

/**
 * Asks one query as Grafana would.
 *
 * @throws UserError when the server refuses it or cannot be reached.
 */
export async function ask(query: Query, backends: Backends, question: Question): Promise<Answer> {
  switch (query.language) {
    case "promql":
      return {
        kind: "series",
        series: await askPrometheus(backends.prometheus, filled(query.text, question), question),
      };
    case "traceql-metrics":
      return {
        kind: "series",
        series: await askMetrics(backends.tempo, filled(query.text, question), question, query.stepSeconds),
      };
    case "traceql":
      return {
        kind: "traces",
        traces: await search(backends.tempo, filled(query.text, question), question, query.limit),
      };
    case "trace":
      return { kind: "spans", count: await spansOfTrace(backends.tempo, filled(query.text, question)) };
    case "sql":
      return { kind: "not-asked", why: "there is no OpenObserve here" };
    case "service-map":
      return {
        kind: "not-asked",
        why: "Grafana asks Prometheus by itself, for what Calls between services shows",
      };
  }
}

/** The query with the dashboard's variables filled in. */
const filled = (text: string, { variables }: Question): string =>
  text.replace(/\$(\w+)/g, (all, name: string) => variables[name] ?? all);

/** Points as far apart as Grafana would have them in a panel, at least a scrape interval. */
const stepSeconds = ({ from, to }: Question): number => Math.max(15, Math.ceil((to - from) / 200));

async function askPrometheus(server: string, query: string, question: Question): Promise<Series[]> {
  const url = new URL("/api/v1/query_range", server);
  url.search = new URLSearchParams({
    query,
    start: String(question.from),
    end: String(question.to),
    step: String(stepSeconds(question)),
  }).toString();
  const { data } = await getJson<{
    data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
  }>("Prometheus", url);
  return data.result.map(({ metric, values }) => ({
    labels: metric,
    points: values.map(([time, value]): [number, number] => [time, Number(value)]),
  }));
}

async function askMetrics(
  server: string,
  q: string,
  question: Question,
  step = stepSeconds(question),
): Promise<Series[]> {
  const url = new URL("/api/metrics/query_range", server);
  url.search = new URLSearchParams({
    q,
    start: String(Math.floor(question.from)),
    end: String(Math.ceil(question.to)),
    step: `${step}s`,
  }).toString();
  const { series } = await getJson<{
    series?: {
      labels?: { key: string; value: Record<string, unknown> }[];
      samples?: { timestampMs: string; value?: number }[];
    }[];
  }>("Tempo", url);
  return (series ?? []).map(({ labels, samples }) => ({
    labels: Object.fromEntries(
      (labels ?? []).map(({ key, value }) => [key, String(Object.values(value)[0])]),
    ),
    points: (samples ?? []).map(({ timestampMs, value }): [number, number] => [
      Number(timestampMs) / 1000,
      value ?? 0,
    ]),
  }));
}

async function search(
  server: string,
  q: string,
  { from, to }: Question,
  limit: number,
): Promise<FoundTrace[]> {
  const url = new URL("/api/search", server);
  url.search = new URLSearchParams({
    q,
    start: String(Math.floor(from)),
    end: String(Math.ceil(to)),
    limit: String(limit),
    spss: "10",
  }).toString();
  const { traces } = await getJson<{ traces?: FoundTrace[] }>("Tempo", url);
  return traces ?? [];
}

async function spansOfTrace(server: string, traceId: string): Promise<number> {
  if (!/^[0-9a-f]{1,32}$/i.test(traceId)) return 0;
  const url = new URL(`/api/v2/traces/${traceId}`, server);
  const { trace } = await getJson<{ trace: { resourceSpans?: { scopeSpans?: { spans?: unknown[] }[] }[] } }>(
    "Tempo",
    url,
    {
      headers: { accept: "application/json" },
    },
  );
  return (trace.resourceSpans ?? [])
    .flatMap(({ scopeSpans }) => scopeSpans ?? [])
    .reduce((sum, { spans }) => sum + (spans?.length ?? 0), 0);
}

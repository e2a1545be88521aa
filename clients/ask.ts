import { everything, type Query, type TraceqlMetricsQuery } from "../telemetry/signals.ts";
import { queryRange, serviceMap } from "./ask/prometheus.ts";
import { metricsOnce, metricsRange, search, spansOfTrace } from "./ask/tempo.ts";

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
  /** For the answer to each query. @default 30 */
  readonly timeoutSeconds?: number;
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
  readonly startTimeUnixNano?: string;
  readonly durationNanos?: string;
  readonly attributes?: readonly {
    readonly key: string;
    readonly value: Readonly<Record<string, unknown>>;
  }[];
}

/** Calls from one node of the service map to another, counted over the time range; Grafana shows them per second. */
export interface MapEdge {
  readonly client: string;
  readonly server: string;
  readonly calls: number;
  readonly failed: number;
}

/** What came back. */
export type Answer =
  | { readonly kind: "series"; readonly series: readonly Series[] }
  | { readonly kind: "traces"; readonly traces: readonly FoundTrace[] }
  | { readonly kind: "spans"; readonly count: number }
  | { readonly kind: "map"; readonly edges: readonly MapEdge[] }
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
        series: await queryRange(backends.prometheus, filled(query.text, question), question),
      };
    case "traceql-metrics":
      return { kind: "series", series: await traceMetricsOf(query, backends, question) };
    case "share": {
      const [part, whole] = await Promise.all(
        [query.part, query.whole].map((each) => traceMetricsOf(each, backends, question)),
      );
      return { kind: "series", series: sharesOf(part!, whole!) };
    }
    case "traceql":
      return {
        kind: "traces",
        traces: await search(backends.tempo, filled(query.text, question), question, query),
      };
    case "trace":
      return {
        kind: "spans",
        count: await spansOfTrace(backends.tempo, filled(query.text, question), question),
      };
    case "sql":
      return { kind: "not-asked", why: "there is no OpenObserve here" };
    case "service-map":
      return {
        kind: "map",
        edges: await serviceMap(backends.prometheus, filled(query.text, question), question),
      };
  }
}

const traceMetricsOf = (
  { text, stepSeconds, instant }: TraceqlMetricsQuery,
  { tempo }: Backends,
  question: Question,
): Promise<Series[]> =>
  instant
    ? metricsOnce(tempo, filled(text, question), question)
    : metricsRange(tempo, filled(text, question), question, stepSeconds);

/** In percent, of the lines and points that both have, as Grafana's arithmetic joins them. */
function sharesOf(part: readonly Series[], whole: readonly Series[]): Series[] {
  const nameOf = ({ labels }: Series) => JSON.stringify(labels);
  return part.flatMap(({ labels, points }) => {
    const all = new Map(whole.find((each) => nameOf(each) === JSON.stringify(labels))?.points ?? []);
    const shares = points.flatMap(([at, value]): [number, number][] =>
      all.get(at) ? [[at, (100 * value) / all.get(at)!]] : [],
    );
    return shares.length > 0 ? [{ labels, points: shares }] : [];
  });
}

/** The query with the dashboard's variables filled in, and the length of the time range. */
export const filled = (text: string, { from, to, variables }: Omit<Question, "timeoutSeconds">): string =>
  text.replace(
    /\$(\w+)/g,
    (all, name: string) => ({ __range: `${Math.ceil(to - from)}s`, ...variables })[name] ?? all,
  );

/** What the dashboard's variables stand at when nobody has chosen anything. */
export const unchosen = { interval: "5m", model: everything, user: everything } as const;

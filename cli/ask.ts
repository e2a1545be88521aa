import type { Query } from "../telemetry/signals.ts";
import { queryRange, serviceMap } from "./ask/prometheus.ts";
import { metricsRange, search, spansOfTrace } from "./ask/tempo.ts";

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
      return {
        kind: "series",
        series: await metricsRange(backends.tempo, filled(query.text, question), question, query.stepSeconds),
      };
    case "traceql":
      return {
        kind: "traces",
        traces: await search(backends.tempo, filled(query.text, question), question, query.limit),
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

/** The query with the dashboard's variables filled in. */
export const filled = (text: string, { variables }: Pick<Question, "variables">): string =>
  text.replace(/\$(\w+)/g, (all, name: string) => variables[name] ?? all);

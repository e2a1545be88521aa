import type { Query, TraceqlMetricsQuery } from "../telemetry/signals.ts";

/** A query of a panel, in the words of Grafana's data sources for Prometheus, Tempo and OpenObserve. */
export interface Target {
  readonly datasource?: { readonly type?: string };
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly queryType?: string;
  readonly serviceMapQuery?: string;
  readonly serviceMapUseNativeHistograms?: boolean;
  readonly query?: string;
  readonly metricsQueryType?: string;
  readonly limit?: number;
  readonly spss?: number;
  readonly step?: string;
  /** Arithmetic on the queries before it. */
  readonly expression?: string;
}

/** What a panel's targets ask, as signals have it. Queries that Grafana computes with are one question. */
export function queriesOf(targets: readonly Target[]): Query[] {
  const queries = targets.flatMap((target) => queryOf(target) ?? []);
  if (!targets.some(({ expression }) => expression !== undefined)) return queries;
  const [part, whole] = queries as TraceqlMetricsQuery[];
  return [{ language: "share", part: part!, whole: whole! }];
}

/** What a target asks; nothing where it asks another data source, or in another way. */
export function queryOf(target: Target): Query | undefined {
  switch (target.datasource?.type) {
    case "prometheus":
      return { language: "promql", text: target.expr ?? "", legend: target.legendFormat ?? "" };
    case "openobserve":
      return { language: "sql", text: target.query ?? "" };
    case "tempo":
      return tempoQueryOf(target);
    case undefined:
    default:
      return undefined;
  }
}

function tempoQueryOf(target: Target): Query | undefined {
  const { queryType, query: text = "", metricsQueryType, step } = target;
  if (queryType === "serviceMap") {
    const histograms = target.serviceMapUseNativeHistograms ? "native" : "classic";
    return { language: "service-map", text: target.serviceMapQuery ?? "", histograms };
  }
  if (queryType !== "traceql") return undefined;
  if (metricsQueryType === "instant") return { language: "traceql-metrics", text, instant: true };
  if (metricsQueryType !== undefined) {
    const stepSeconds = step === undefined ? undefined : parseInt(step, 10);
    return { language: "traceql-metrics", text, stepSeconds };
  }
  if (!text.includes("{")) return { language: "trace", text };
  return { language: "traceql", text, limit: target.limit ?? 20, spansPerTrace: target.spss ?? 3 };
}

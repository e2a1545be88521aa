/** PromQL for Prometheus; `legend` is Grafana's template of a series' name. */
export interface PromqlQuery {
  readonly language: "promql";
  readonly text: string;
  readonly legend: string;
}

/** A TraceQL search; `limit` is the most traces it may answer with. */
export interface TraceqlQuery {
  readonly language: "traceql";
  readonly text: string;
  /** Whether a row is a trace, its spans folded into it, or a span. */
  readonly rows: "traces" | "spans";
  readonly limit: number;
}

/** A TraceQL metrics query: lines over time, computed by Tempo from the spans themselves, over at most a week. */
export interface TraceqlMetricsQuery {
  readonly language: "traceql-metrics";
  readonly text: string;
  /** Width of a point, in seconds; Grafana's choice when not given. */
  readonly stepSeconds?: number;
}

/** One trace by its id. */
export interface TraceQuery {
  readonly language: "trace";
  readonly text: string;
}

/** SQL for OpenObserve. */
export interface SqlQuery {
  readonly language: "sql";
  readonly text: string;
}

/** Grafana's service map, which asks Prometheus for the service-graph metrics by itself. */
export interface ServiceMapQuery {
  readonly language: "service-map";
  /** PromQL matchers within braces that every edge meets. */
  readonly text: string;
}

/**
 * A query as plain text, as an operator would paste it; `$environment`, `$interval`, `$traceId` and `$user` are
 * dashboard variables.
 */
export type Query =
  PromqlQuery | TraceqlQuery | TraceqlMetricsQuery | TraceQuery | SqlQuery | ServiceMapQuery;

/** One question to the tracing data. Dashboards, alerts and docs take signals; none writes a query of its own. */
export interface Signal {
  readonly title: string;
  /** What the answer means, for the operator who reads the panel. */
  readonly description: string;
  /** Unit of the values, as Grafana names it: `s`, `reqps`, `percent`, …; none for tables and graphs. */
  readonly unit?: string;
  readonly queries: readonly Query[];
  /** Applications that must send spans before it shows anything. */
  readonly needs: readonly Application[];
}

/** An application whose spans the signals ask for. */
export type Application = "openWebui" | "litellm";

/** What differs between installations. */
export interface SignalOptions {
  readonly environment: string;
  /** `service.name` of each application. */
  readonly services: Readonly<Record<Application, string>>;
  /** A trace that takes longer is slow, in seconds. */
  readonly slowRequestSeconds: number;
  /** Stream of OpenObserve that holds the applications' logs. */
  readonly logStream: string;
}

/** A PromQL query. */
export const prom = (text: string, legend: string): PromqlQuery => ({ language: "promql", text, legend });

/** A TraceQL metrics query. */
export const traceMetrics = (text: string, stepSeconds?: number): TraceqlMetricsQuery => ({
  language: "traceql-metrics",
  text,
  ...(stepSeconds && { stepSeconds }),
});

/** A share in percent that reads 0, not "no data", while nothing of `part` has happened yet. */
export const percentage = (part: string, whole: string): string =>
  `100 * (${part} or 0 * ${whole}) / ${whole}`;

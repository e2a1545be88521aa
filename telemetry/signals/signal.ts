import type { HistogramForm } from "../generator.ts";
import type { TempoInstallation } from "../tempo-target.ts";

/** PromQL for Prometheus; `legend` is Grafana's template of a series' name. */
export interface PromqlQuery {
  readonly language: "promql";
  readonly text: string;
  readonly legend: string;
}

/** A TraceQL search, each span that it finds a row. */
export interface TraceqlQuery {
  readonly language: "traceql";
  readonly text: string;
  /** Most traces it may answer with. */
  readonly limit: number;
  /** Most spans of each trace. */
  readonly spansPerTrace: number;
}

/** A TraceQL metrics query: lines over time, computed by Tempo from the spans themselves, over at most a week. */
export interface TraceqlMetricsQuery {
  readonly language: "traceql-metrics";
  readonly text: string;
  /** Width of a point, in seconds; Tempo's choice when not given. */
  readonly stepSeconds?: number;
  /** One value for the whole time range, in place of points. */
  readonly instant?: true;
}

/** How much the one is of the other, in percent, line by line and point by point. */
export interface ShareQuery {
  readonly language: "share";
  readonly part: TraceqlMetricsQuery;
  readonly whole: TraceqlMetricsQuery;
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
  /** How Prometheus keeps the durations of edges. */
  readonly histograms: HistogramForm;
}

/**
 * A query as plain text, as an operator would paste it; `$environment`, `$interval`, `$model`, `$traceId` and `$user`
 * are dashboard variables.
 */
export type Query =
  PromqlQuery | TraceqlQuery | TraceqlMetricsQuery | ShareQuery | TraceQuery | SqlQuery | ServiceMapQuery;

/** One question to the tracing data. Dashboards, alerts and docs take signals; none writes a query of its own. */
export interface Signal {
  readonly title: string;
  /** What the answer means, for the operator who reads the panel. */
  readonly description: string;
  /** Unit of the values, as Grafana names it: `s`, `reqps`, `percent`, …; none for tables and graphs. */
  readonly unit?: string;
  readonly queries: readonly Query[];
}

/** An application whose spans the signals ask for. */
export type Application = "openWebui" | "litellm";

/** A share that must be there in time. */
export interface InTime {
  /** The share, in percent. */
  readonly target: number;
  /** In which time, in seconds; where the histogram is a classic one, one of its bounds. */
  readonly underSeconds: number;
}

/** What chats are promised to be. */
export interface Objectives {
  /** Share of the requests for an answer that the platform must not fail, in percent. */
  readonly availability: number;
  /** Of them, those that must end in time. */
  readonly latency: InTime;
  /**
   * Of the streamed answers, those that must begin in time.
   *
   * @default none: without the collector nobody counts them
   */
  readonly firstToken?: InTime;
  /** Time over which the objectives are kept, in seconds. */
  readonly windowSeconds: number;
  /** Fewer requests than these say nothing, whatever became of them. */
  readonly minimumRequests: number;
}

/** What differs between installations. */
export interface SignalOptions extends TempoInstallation {
  readonly environment: string;
  /** `service.name` of each application. */
  readonly services: Readonly<Record<Application, string>>;
  /** A trace that takes longer is slow, in seconds. */
  readonly slowRequestSeconds: number;
  readonly objectives: Objectives;
  /** How Prometheus keeps histograms. */
  readonly histograms: HistogramForm;
  /** Stream of OpenObserve that holds the applications' logs. */
  readonly logStream: string;
  /** Whether traces have the ids of users, or hashes of them. */
  readonly users: boolean;
}

/** A PromQL query. */
export const prom = (text: string, legend: string): PromqlQuery => ({ language: "promql", text, legend });

/** A TraceQL metrics query. */
export const traceMetrics = (text: string, stepSeconds?: number): TraceqlMetricsQuery => ({
  language: "traceql-metrics",
  text,
  ...(stepSeconds && { stepSeconds }),
});

/**
 * A TraceQL metrics query for one value over the whole time range. For sums and counts: the average that Tempo 2.8 gives
 * of a whole range is not that of its spans.
 */
export const traceTotal = (text: string): TraceqlMetricsQuery => ({
  language: "traceql-metrics",
  text,
  instant: true,
});

/** A value that is not there while nothing happens, where arithmetic would say "not a number". */
export const whenBusy = (value: string): string => `(${value}) >= 0`;

/** A share in percent that reads 0, not "no data", while nothing of `part` has happened yet. */
export const percentage = (part: string, whole: string): string =>
  `100 * (${part} or 0 * ${whole}) / ${whole}`;

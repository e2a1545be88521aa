import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as tempo from "@grafana/grafana-foundation-sdk/tempo";
import { openobserveQuery, type LogStore } from "../grafana/openobserve.ts";
import type { Query, ServiceMapQuery, Signal, TraceqlMetricsQuery } from "../telemetry/signals.ts";
import { sourceIn } from "./variables.ts";

/** What a panel's query needs beside its text. */
export interface TargetOptions {
  readonly logs: LogStore;
  /** Ask Prometheus once, for the end of the time range, instead of over it. */
  readonly instant?: boolean;
  /** Ask for single requests to draw as diamonds. */
  readonly exemplars?: boolean;
  /** How Prometheus's answer is laid out. @default time series */
  readonly format?: prometheus.PromQueryFormat;
}

/** The data source that answers a signal, by the dashboard variable that holds it. */
export const datasourceOf = (signal: Signal): { type: string; uid: string } =>
  sourceIn(sourceOf(signal.queries[0]!));

function sourceOf(query: Query): Parameters<typeof sourceIn>[0] {
  switch (query.language) {
    case "promql":
      return "prometheus";
    case "sql":
      return "openobserve";
    case "service-map":
    case "traceql":
    case "traceql-metrics":
    case "share":
    case "trace":
      return "tempo";
  }
}

/** The queries of a signal as targets of a panel. */
export const targetsOf = (signal: Signal, options: TargetOptions): Builder<Dataquery>[] =>
  signal.queries.flatMap((query) => targetOf(query, options));

function targetOf(query: Query, options: TargetOptions): Builder<Dataquery> | Builder<Dataquery>[] {
  const { logs, instant, exemplars, format } = options;
  switch (query.language) {
    case "promql": {
      const target = new prometheus.DataqueryBuilder().expr(query.text).legendFormat(query.legend);
      if (format) target.format(format);
      if (instant) return target.instant();
      // Columns of a heatmap must not overlap.
      if (format === prometheus.PromQueryFormat.Heatmap) target.interval("$interval");
      return target.range().exemplar(exemplars ?? false);
    }
    case "traceql":
      return (
        new tempo.DataqueryBuilder()
          .queryType("traceql")
          .query(query.text)
          .limit(query.limit)
          .spss(query.spansPerTrace)
          // Nested tables that select attributes are an HTTP 500 in Grafana 12.4.0 (grafana/grafana#121890).
          .tableType(tempo.SearchTableType.Spans)
      );
    case "traceql-metrics":
      return metricsTarget(query);
    case "share":
      return [metricsTarget(query.part).hide(true), metricsTarget(query.whole).hide(true), quotient];
    case "trace":
      return new tempo.DataqueryBuilder()
        .queryType("traceql")
        .query(query.text)
        .tableType(tempo.SearchTableType.Spans);
    case "service-map":
      return serviceMapTarget(query);
    case "sql":
      return { build: () => openobserveQuery(logs, query.text, "auto") as unknown as Dataquery };
  }
}

/** The SDK has no word for the form of histograms, in which Grafana's menu of an edge asks for its durations. */
const serviceMapTarget = ({ text, histograms }: ServiceMapQuery): Builder<Dataquery> => ({
  build: () => ({
    ...new tempo.DataqueryBuilder().queryType("serviceMap").serviceMapQuery(text).build(),
    ...(histograms === "native" && { serviceMapUseNativeHistograms: true }),
  }),
});

function metricsTarget(query: TraceqlMetricsQuery): tempo.DataqueryBuilder {
  const target = new tempo.DataqueryBuilder()
    .queryType("traceql")
    .query(query.text)
    .tableType(tempo.SearchTableType.Spans)
    .metricsQueryType(query.instant ? tempo.MetricsQueryType.Instant : tempo.MetricsQueryType.Range)
    .exemplars(0);
  return query.stepSeconds ? target.step(`${query.stepSeconds}s`) : target;
}

/** Grafana's own arithmetic on the first two queries of a panel. */
const quotient: Builder<Dataquery> = {
  build: () =>
    ({
      type: "math",
      expression: "100 * $A / $B",
      datasource: { type: "__expr__", uid: "__expr__" },
    }) as unknown as Dataquery,
};

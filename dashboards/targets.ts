import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as tempo from "@grafana/grafana-foundation-sdk/tempo";
import { datasourceTypes } from "../grafana/datasources.ts";
import { openobserveQuery, type LogStore } from "../grafana/openobserve.ts";
import type { Query, Signal } from "../telemetry/signals.ts";
import { variableOf } from "./variables.ts";

/** What a panel's query needs beside its text. */
export interface TargetOptions {
  readonly logs: LogStore;
  /** Ask once, for the end of the time range, instead of over it. */
  readonly instant?: boolean;
  /** Ask for single requests to draw as diamonds. */
  readonly exemplars?: boolean;
}

/** The data source that answers a signal, by the dashboard variable that holds it. */
export function datasourceOf(signal: Signal): { type: string; uid: string } {
  const key = datasourceKey(signal.queries[0]!);
  return { type: datasourceTypes[key], uid: `\${${variableOf[key]}}` };
}

function datasourceKey(query: Query): keyof typeof datasourceTypes {
  switch (query.language) {
    case "promql":
      return "prometheus";
    case "sql":
      return "openobserve";
    case "service-map":
    case "traceql":
    case "traceql-metrics":
    case "trace":
      return "tempo";
  }
}

/** The queries of a signal as targets of a panel. */
export const targetsOf = (signal: Signal, options: TargetOptions): Builder<Dataquery>[] =>
  signal.queries.map((query) => targetOf(query, options));

function targetOf(query: Query, { logs, instant, exemplars }: TargetOptions): Builder<Dataquery> {
  switch (query.language) {
    case "promql": {
      const target = new prometheus.DataqueryBuilder().expr(query.text).legendFormat(query.legend);
      return instant ? target.instant() : target.range().exemplar(exemplars ?? false);
    }
    case "traceql":
      return new tempo.DataqueryBuilder()
        .queryType("traceql")
        .query(query.text)
        .limit(query.limit)
        .tableType(query.rows === "spans" ? tempo.SearchTableType.Spans : tempo.SearchTableType.Traces);
    case "traceql-metrics": {
      const target = new tempo.DataqueryBuilder()
        .queryType("traceql")
        .query(query.text)
        .metricsQueryType(tempo.MetricsQueryType.Range)
        .exemplars(0);
      return query.stepSeconds ? target.step(`${query.stepSeconds}s`) : target;
    }
    case "trace":
      return new tempo.DataqueryBuilder().queryType("traceql").query(query.text);
    case "service-map":
      return new tempo.DataqueryBuilder().queryType("serviceMap").serviceMapQuery(query.text);
    case "sql":
      return { build: () => openobserveQuery(logs, query.text, "auto") as unknown as Dataquery };
  }
}

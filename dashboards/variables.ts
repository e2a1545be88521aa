import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { datasourceTypes, type DatasourceUids } from "../grafana/datasources.ts";
import { series } from "../telemetry/signals/selectors.ts";

/** The dashboard variable that holds each data source. */
export const variableOf = {
  prometheus: "prometheus_datasource",
  tempo: "tempo_datasource",
  openobserve: "openobserve_datasource",
} as const;

const labelOf = { prometheus: "Prometheus", tempo: "Tempo", openobserve: "OpenObserve" } as const;

/** A variable for each data source, preset to ours. */
export const datasourceVariables = (uids: DatasourceUids): Builder<VariableModel>[] =>
  (Object.keys(variableOf) as (keyof typeof variableOf)[]).map((key) =>
    new DatasourceVariableBuilder(variableOf[key])
      .label(`${labelOf[key]} data source`)
      .type(datasourceTypes[key])
      .current({ text: uids[key], value: uids[key], selected: true }),
  );

/** `$environment`: the environment shown, of those whose metrics are in this Prometheus; preset to the stack's own. */
export const environmentVariable = (environment: string): Builder<VariableModel> =>
  new QueryVariableBuilder("environment")
    .label("Environment")
    .description("Environment whose requests are shown, of those that write to this Prometheus.")
    .datasource({ type: datasourceTypes.prometheus, uid: `\${${variableOf.prometheus}}` })
    .query(`label_values(${series.calls}, environment)`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .current({ text: environment, value: environment, selected: true });

const intervals = ["1m", "5m", "15m", "1h"];

/** `$interval`: the window of every rate. */
export const intervalVariable = (): Builder<VariableModel> =>
  new CustomVariableBuilder("interval")
    .label("Interval")
    .description(
      "Window over which rates and percentiles are computed; the shortest that is sure to hold samples is 1m.",
    )
    .values(intervals.join(","))
    .options(intervals.map((value) => ({ text: value, value, selected: value === "5m" })))
    .current({ text: "5m", value: "5m", selected: true });

/** `$traceId`: the trace shown in the row Trace. */
export const traceIdVariable = (): Builder<VariableModel> =>
  new TextBoxVariableBuilder("traceId")
    .label("Trace id")
    .description("The trace shown in the row Trace; a click on a trace's name in a table sets it.")
    .defaultValue("")
    .current({ text: "", value: "", selected: true });

/** `$user`: the user whose calls the row Users shows; empty for all. */
export const userVariable = (): Builder<VariableModel> =>
  new TextBoxVariableBuilder("user")
    .label("User")
    .description("User whose calls the row Users shows, as LiteLLM knows them; empty for all.")
    .defaultValue("")
    .current({ text: "", value: "", selected: true });

/** The part of a link that carries the variables over, all but the trace's id. */
export const keepVariables = [...Object.values(variableOf), "environment", "interval", "user"]
  .map((name) => `\${${name}:queryparam}`)
  .join("&");

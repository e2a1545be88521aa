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
import { everything } from "../telemetry/signals.ts";
import type { TelemetryContext } from "./dashboard.ts";

/** The dashboard variable that holds each data source. */
export const variableOf = {
  prometheus: "prometheus_datasource",
  tempo: "tempo_datasource",
  openobserve: "openobserve_datasource",
} as const;

type Source = keyof typeof variableOf;

const labelOf = { prometheus: "Prometheus", tempo: "Tempo", openobserve: "OpenObserve" } as const;

/** A data source by the variable that holds it. */
export const sourceIn = (source: Source): { type: string; uid: string } => ({
  type: datasourceTypes[source],
  uid: `\${${variableOf[source]}}`,
});

/** A variable for each of these data sources, preset to ours. */
export const datasourceVariables = (
  uids: DatasourceUids,
  sources: readonly Source[],
): Builder<VariableModel>[] =>
  sources.map((source) =>
    new DatasourceVariableBuilder(variableOf[source])
      .label(`${labelOf[source]} data source`)
      .type(datasourceTypes[source])
      .current({ text: uids[source], value: uids[source], selected: true }),
  );

const choice = (name: string, source: Source): QueryVariableBuilder =>
  new QueryVariableBuilder(name)
    .datasource(sourceIn(source))
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);

const all = { text: "All", value: "$__all", selected: true };

/** `$environment`: the environment shown, of those whose metrics are in this Prometheus; preset to the stack's own. */
export const environmentVariable = ({ environment, choices }: TelemetryContext): Builder<VariableModel> =>
  choice("environment", "prometheus")
    .label("Environment")
    .description("Environment whose requests are shown, of those that write to this Prometheus.")
    .query(choices.environments)
    .current({ text: environment, value: environment, selected: true });

/** `$model`: the models shown where calls are told by model. */
export const modelVariable = ({ choices }: TelemetryContext): Builder<VariableModel> =>
  choice("model", "prometheus")
    .label("Model")
    .description("Models shown, by the provider's name, wherever calls are told by model or by user.")
    .query(choices.models)
    .multi(true)
    .includeAll(true)
    .allValue(everything)
    .current(all);

/** What Grafana's editor of Tempo's variables calls "label values". */
const labelValues = 1;

/** `$user`: the user whose requests are shown, as LiteLLM knows them; where traces have users. */
export const userVariable = ({ choices }: TelemetryContext): Builder<VariableModel>[] =>
  choices.users === undefined
    ? []
    : [
        choice("user", "tempo")
          .label("User")
          .description("User whose requests the tables and the rows by user show, as LiteLLM knows them.")
          .query({
            type: labelValues,
            label: choices.users,
            refId: "TempoDatasourceVariableQueryEditor-VariableQuery",
          })
          .includeAll(true)
          .allValue(everything)
          .current(all),
      ];

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

/** `$traceId`: the trace shown in LLM Trace. */
export const traceIdVariable = (): Builder<VariableModel> =>
  new TextBoxVariableBuilder("traceId")
    .label("Trace id")
    .description("The trace shown; a click on a request in LLM Request Tracing sets it.")
    .defaultValue("")
    .current({ text: "", value: "", selected: true });

/** The part of a link that carries these data sources over to another dashboard. */
export const keepDatasources = (sources: readonly Source[]): string =>
  sources.map((source) => `\${${variableOf[source]}:queryparam}`).join("&");

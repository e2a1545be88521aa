import { PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import type { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { labels } from "../../telemetry/metrics.ts";
import type { TelemetryContext } from "../dashboard.ts";
import { tablePanel } from "../panels.ts";
import { failedThresholds } from "./thresholds.ts";

/** A model a row, in columns what the queries of the signal tell of it. */
export function modelComparison(context: TelemetryContext): PanelBuilder {
  const { signals, slowRequestSeconds } = context;
  const columns = ["Calls", "Failed", "p50", "p95"];
  const seconds = [{ id: "unit", value: "s" }];
  return tablePanel(signals.modelComparison, { ...context, instant: true, format: PromQueryFormat.Table })
    .transformations([
      { id: "merge", options: {} },
      {
        id: "organize",
        options: {
          excludeByName: { Time: true },
          indexByName: {},
          renameByName: {
            [labels.providerModel]: "Model",
            ...Object.fromEntries(columns.map((name, index) => [`Value #${"ABCD"[index]}`, name])),
          },
        },
      },
    ])
    .overrideByName("Calls", [
      { id: "unit", value: "short" },
      { id: "decimals", value: 0 },
    ])
    .overrideByName("Failed", [
      { id: "unit", value: "percent" },
      { id: "decimals", value: 1 },
      ...coloured(failedThresholds),
    ])
    .overrideByName("p50", seconds)
    .overrideByName("p95", [
      ...seconds,
      ...coloured([{ color: "text" }, { color: "orange", from: slowRequestSeconds }]),
    ]);
}

const coloured = (steps: readonly { readonly color: string; readonly from?: number }[]) => [
  {
    id: "thresholds",
    value: { mode: "absolute", steps: steps.map(({ color, from }) => ({ color, value: from ?? null })) },
  },
  { id: "custom.cellOptions", value: { type: "color-text" } },
];

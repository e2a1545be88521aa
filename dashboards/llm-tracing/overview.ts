import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
} from "@grafana/grafana-foundation-sdk/common";
import type { DashboardContext } from "../dashboard.ts";
import type { Placed } from "../layout.ts";
import { gaugePanel, nodeGraphPanel, thresholds, timeseriesPanel } from "../panels.ts";
import { traceTable } from "./trace-table.ts";

/** The six panels above the fold. */
export function overview(context: DashboardContext): Placed[] {
  const { signals, slowRequestSeconds } = context;
  return [
    // Grafana cuts nodes off in a lower panel.
    { at: { x: 0, y: 0, w: 12, h: 16 }, panel: nodeGraphPanel(signals.topology, context) },
    { at: { x: 12, y: 0, w: 12, h: 8 }, panel: timeseriesPanel(signals.requestRate, context) },
    {
      at: { x: 12, y: 8, w: 12, h: 8 },
      panel: timeseriesPanel(signals.latencyPercentiles, { ...context, exemplars: true })
        .thresholds(thresholds([{ color: "green" }, { color: "orange", from: slowRequestSeconds }]))
        .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed)),
    },
    {
      at: { x: 0, y: 16, w: 6, h: 10 },
      panel: gaugePanel(signals.errorRate, {
        ...context,
        max: 100,
        thresholds: [{ color: "green" }, { color: "orange", from: 1 }, { color: "red", from: 5 }],
      }),
    },
    { at: { x: 6, y: 16, w: 18, h: 10 }, panel: traceTable(signals.slowRequests, context) },
    { at: { x: 0, y: 26, w: 24, h: 12 }, panel: traceTable(signals.recentTraces, context) },
  ];
}

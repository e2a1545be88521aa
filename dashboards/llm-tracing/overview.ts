import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
} from "@grafana/grafana-foundation-sdk/common";
import { lateSeconds } from "../../telemetry/signals.ts";
import type { TelemetryContext } from "../dashboard.ts";
import type { Placed } from "../layout.ts";
import {
  gaugePanel,
  nodeGraphPanel,
  rankingPanel,
  statPanel,
  thresholds,
  timeseriesPanel,
} from "../panels.ts";
import { modelComparison } from "./comparison.ts";
import { requestTable } from "./span-table.ts";
import { busyThresholds, failedThresholds, slowFrom } from "./thresholds.ts";

/** What is seen without opening a row: is it broken, since when, for which model, for whom. */
export function overview(context: TelemetryContext): Placed[] {
  const { signals, slowRequestSeconds } = context;
  return [
    ...glance(context),
    { at: { x: 0, y: 4, w: 7, h: 9 }, panel: timeseriesPanel(signals.requestRate, context) },
    {
      at: { x: 7, y: 4, w: 7, h: 9 },
      panel: timeseriesPanel(signals.latencyPercentiles, { ...context, exemplars: true })
        .thresholds(thresholds(slowFrom(slowRequestSeconds)))
        .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed)),
    },
    {
      at: { x: 14, y: 4, w: 4, h: 9 },
      panel: gaugePanel(signals.errorRate, { ...context, max: 100, thresholds: failedThresholds }),
    },
    { at: { x: 18, y: 4, w: 6, h: 9 }, panel: timeseriesPanel(signals.errorsOverTime, context) },
    { at: { x: 0, y: 13, w: 12, h: 8 }, panel: modelComparison(context) },
    {
      at: { x: 12, y: 13, w: 4, h: 8 },
      panel: context.applicationMetrics
        ? rankingPanel(signals.firstTokenP95ByModel, context)
        : rankingPanel(signals.firstTokenByModel, { ...context, calc: "mean" }),
    },
    {
      at: { x: 16, y: 13, w: 4, h: 8 },
      panel: rankingPanel(signals.tokensPerCallByModel, { ...context, calc: "mean" }),
    },
    { at: { x: 20, y: 13, w: 4, h: 8 }, panel: rankingPanel(signals.costByModel, context) },
    { at: { x: 0, y: 21, w: 24, h: 9 }, panel: requestTable(signals.slowRequests, context) },
    { at: { x: 0, y: 30, w: 24, h: 11 }, panel: requestTable(signals.recentTraces, context) },
    { at: { x: 0, y: 41, w: 24, h: 12 }, panel: nodeGraphPanel(signals.topology, context) },
  ];
}

/** A row of numbers. */
function glance(context: TelemetryContext): Placed[] {
  const { signals, slowRequestSeconds } = context;
  const stats = [
    statPanel(signals.requestsNow, { ...context, thresholds: busyThresholds }),
    statPanel(signals.failedNow, { ...context, thresholds: failedThresholds }).decimals(1),
    statPanel(signals.slowestNow, { ...context, thresholds: slowFrom(slowRequestSeconds) }),
    context.applicationMetrics
      ? statPanel(signals.firstTokenP95Now, { ...context, thresholds: slowFrom(lateSeconds) })
      : statPanel(signals.firstTokenNow, { ...context, thresholds: slowFrom(lateSeconds), calc: "mean" }),
    statPanel(signals.inFlight, { ...context, thresholds: busyThresholds }).decimals(1),
    statPanel(signals.tokensNow, { ...context, thresholds: busyThresholds, calc: "mean" }).decimals(0),
    statPanel(signals.costNow, { ...context, thresholds: busyThresholds }),
  ];
  const widths = [4, 3, 3, 3, 3, 4, 4];
  return stats.map((panel, index) => ({
    at: { x: widths.slice(0, index).reduce((sum, width) => sum + width, 0), y: 0, w: widths[index]!, h: 4 },
    panel,
  }));
}

import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import {
  PanelBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import * as gauge from "@grafana/grafana-foundation-sdk/gauge";
import * as nodegraph from "@grafana/grafana-foundation-sdk/nodegraph";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import type { Signal } from "../telemetry/signals.ts";
import { datasourceOf, targetsOf, type TargetOptions } from "./targets.ts";

/** Colours from a value up; the first has none and holds below. */
export type Thresholds = readonly { readonly color: string; readonly from?: number }[];

interface DescribedPanel {
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: common.DataSourceRef): this;
  targets(targets: ReturnType<typeof targetsOf>): this;
}

/** What every panel takes from its signal: title, description, data source and queries. */
function show<P extends DescribedPanel>(panel: P, signal: Signal, options: TargetOptions): P {
  return panel
    .title(signal.title)
    .description(signal.description)
    .datasource(datasourceOf(signal))
    .targets(targetsOf(signal, options));
}

/** Lines over time. */
export const timeseriesPanel = (signal: Signal, options: TargetOptions): timeseries.PanelBuilder =>
  show(new timeseries.PanelBuilder(), signal, options)
    .unit(signal.unit ?? "short")
    .min(0)
    .lineWidth(2)
    .fillOpacity(8)
    .showPoints(common.VisibilityMode.Auto)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );

/** The newest value of each series on a dial from 0 to `max`. */
export const gaugePanel = (
  signal: Signal,
  options: TargetOptions & { max: number; thresholds: Thresholds },
): gauge.PanelBuilder =>
  show(new gauge.PanelBuilder(), signal, { ...options, instant: true })
    .unit(signal.unit ?? "short")
    .min(0)
    .max(options.max)
    .decimals(1)
    .thresholds(thresholds(options.thresholds))
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false));

/** Services and their calls as a graph. */
export const nodeGraphPanel = (signal: Signal, options: TargetOptions): nodegraph.PanelBuilder =>
  show(new nodegraph.PanelBuilder(), signal, options);

/** Rows. */
export const tablePanel = (signal: Signal, options: TargetOptions): table.PanelBuilder =>
  show(new table.PanelBuilder(), signal, options)
    .unit(signal.unit ?? "")
    .cellHeight(common.TableCellHeight.Sm);

/** One trace as a waterfall. The SDK has no builder for this panel. */
export const tracePanel = (signal: Signal, options: TargetOptions): Builder<Panel> =>
  show(new PanelBuilder().type("traces"), signal, options);

/** Colours by value. */
export const thresholds = (steps: Thresholds): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(({ color, from }) => ({ color, value: from ?? null })));

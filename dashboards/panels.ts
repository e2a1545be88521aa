import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import {
  PanelBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import * as gauge from "@grafana/grafana-foundation-sdk/gauge";
import * as heatmap from "@grafana/grafana-foundation-sdk/heatmap";
import * as nodegraph from "@grafana/grafana-foundation-sdk/nodegraph";
import { PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
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
    .noValue(idle)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Bottom)
        .calcs(["lastNotNull", "max"]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );

/** What makes one value of the points of a series. */
type Calculation = "lastNotNull" | "mean";

/** What Grafana says in place of "No data". */
const idle = "idle";

/** One number, coloured by thresholds; `calc` makes it of several points. */
export const statPanel = (
  signal: Signal,
  options: TargetOptions & { thresholds: Thresholds; calc?: Calculation },
): stat.PanelBuilder =>
  show(new stat.PanelBuilder(), signal, { ...options, instant: true })
    .unit(signal.unit ?? "short")
    .noValue(idle)
    .thresholds(thresholds(options.thresholds))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(common.BigValueTextMode.Value)
    .reduceOptions(reducedTo(options.calc ?? "lastNotNull"));

/** A bar for each series, the longest for the highest value; `calc` makes it of several points. */
export const rankingPanel = (
  signal: Signal,
  options: TargetOptions & { calc?: Calculation },
): bargauge.PanelBuilder =>
  show(new bargauge.PanelBuilder(), signal, { ...options, instant: true })
    .unit(signal.unit ?? "short")
    .min(0)
    .noValue(idle)
    .thresholds(thresholds([{ color: "blue" }]))
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .reduceOptions(reducedTo(options.calc ?? "lastNotNull"));

/** How many requests took how many seconds, a column an interval. */
export const heatmapPanel = (signal: Signal, options: TargetOptions): heatmap.PanelBuilder =>
  show(new heatmap.PanelBuilder(), signal, { ...options, format: PromQueryFormat.Heatmap })
    .unit(signal.unit ?? "short")
    .noValue(idle)
    .calculate(false)
    .yAxis(new heatmap.YAxisConfigBuilder().unit("s"))
    .cellValues(new heatmap.CellValuesBuilder().unit(signal.unit ?? "short"));

const reducedTo = (calc: string): common.ReduceDataOptionsBuilder =>
  new common.ReduceDataOptionsBuilder().calcs([calc]).values(false);

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
    .noValue(idle)
    .reduceOptions(reducedTo("lastNotNull"));

/** Services and their calls as a graph. */
export const nodeGraphPanel = (signal: Signal, options: TargetOptions): nodegraph.PanelBuilder =>
  show(new nodegraph.PanelBuilder(), signal, options);

/** Rows. */
export const tablePanel = (signal: Signal, options: TargetOptions): table.PanelBuilder =>
  show(new table.PanelBuilder(), signal, options)
    .unit(signal.unit ?? "")
    .noValue(idle)
    .cellHeight(common.TableCellHeight.Sm);

/** One trace as a waterfall. The SDK has no builder for this panel. */
export const tracePanel = (signal: Signal, options: TargetOptions): Builder<Panel> =>
  show(new PanelBuilder().type("traces"), signal, options);

/** Colours by value. */
export const thresholds = (steps: Thresholds): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(({ color, from }) => ({ color, value: from ?? null })));

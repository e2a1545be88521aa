import type { DashboardJson } from "../../dashboards/normalise.ts";
import type { Query, TraceqlMetricsQuery } from "../../telemetry/signals.ts";

/** Panels that stand together: those above the fold, without a title, or those of a row. */
export interface Section {
  readonly title?: string;
  readonly panels: readonly Panel[];
}

/** A panel, as far as its answers can be written as text. */
export interface Panel {
  readonly title: string;
  /** Grafana's name of the unit of its values. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Columns of a table of spans, in their order: Grafana's name of each, and the one that is shown. */
  readonly columns: readonly (readonly [grafanas: string, shown: string])[];
}

interface PanelJson {
  readonly type: string;
  readonly title?: string;
  readonly panels?: readonly PanelJson[];
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } };
  readonly targets?: readonly Target[];
  readonly transformations?: readonly { readonly id: string; readonly options: Organize }[];
}

/** Grafana's order and names of columns, by the names that they have before. */
interface Organize {
  readonly indexByName?: Readonly<Record<string, number>>;
  readonly renameByName?: Readonly<Record<string, string>>;
}

/** A query in the words of Grafana's data sources for Prometheus, Tempo and OpenObserve. */
interface Target {
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly queryType?: string;
  readonly serviceMapQuery?: string;
  readonly query?: string;
  readonly metricsQueryType?: string;
  readonly tableType?: string;
  readonly limit?: number;
  readonly spss?: number;
  readonly step?: string;
  /** Arithmetic on the queries before it. */
  readonly expression?: string;
}

/** The panels of a dashboard, in the order in which Grafana shows them. */
export function sectionsOf({ panels }: DashboardJson): Section[] {
  const all = panels as readonly PanelJson[];
  const rows = all.filter(({ type }) => type === "row");
  return [
    { panels: all.filter(({ type }) => type !== "row").map(panelOf) },
    ...rows.map(({ title, panels: inner = [] }) => ({ title, panels: inner.map(panelOf) })),
  ];
}

const panelOf = ({ title = "", fieldConfig, targets = [], transformations = [] }: PanelJson): Panel => ({
  title,
  columns: columnsOf(transformations.find(({ id }) => id === "organize")?.options ?? {}),
  unit: fieldConfig?.defaults?.unit ?? "short",
  queries: queriesOf(targets),
});

const columnsOf = ({ indexByName = {}, renameByName = {} }: Organize): Panel["columns"] =>
  Object.entries(indexByName)
    .sort(([, a], [, b]) => a - b)
    .map(([name]) => [name, renameByName[name] ?? name] as const);

/** Queries that Grafana computes with are one question. */
function queriesOf(targets: readonly Target[]): Query[] {
  if (!targets.some(({ expression }) => expression !== undefined)) return targets.map(queryOf);
  const [part, whole] = targets.map(queryOf) as TraceqlMetricsQuery[];
  return [{ language: "share", part: part!, whole: whole! }];
}

function queryOf(target: Target): Query {
  if (target.expr !== undefined) {
    return { language: "promql", text: target.expr, legend: target.legendFormat ?? "" };
  }
  if (target.queryType === "serviceMap") {
    return { language: "service-map", text: target.serviceMapQuery ?? "" };
  }
  const text = target.query ?? "";
  if (target.queryType !== "traceql") return { language: "sql", text };
  if (target.metricsQueryType !== undefined) {
    if (target.metricsQueryType === "instant") return { language: "traceql-metrics", text, instant: true };
    const stepSeconds = target.step === undefined ? undefined : parseInt(target.step, 10);
    return { language: "traceql-metrics", text, stepSeconds };
  }
  if (!text.includes("{")) return { language: "trace", text };
  return { language: "traceql", text, limit: target.limit ?? 20, spansPerTrace: target.spss ?? 3 };
}

import type { DashboardJson } from "../../dashboards/normalise.ts";
import { queriesOf, type Target } from "../../dashboards/queries.ts";
import type { Query } from "../../telemetry/signals.ts";

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

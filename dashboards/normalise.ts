import type { Dashboard, Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";

/** A dashboard as plain JSON data. */
export type DashboardJson = { readonly uid: string; readonly title: string } & Readonly<
  Record<string, unknown>
>;

/**
 * Completes what the SDK leaves open: panel ids, refIds and data sources of targets; and sorts keys, so that the
 * same dashboard always has the same bytes.
 */
export function normalise(dashboard: Dashboard): DashboardJson {
  let nextId = 1;
  const panels = (dashboard.panels ?? []).map((panel) => {
    const numbered = { ...panel, id: nextId++ };
    if (!isRow(numbered)) return withTargets(numbered);
    return { ...numbered, panels: numbered.panels.map((inner) => withTargets({ ...inner, id: nextId++ })) };
  });
  return sortKeys({ ...dashboard, panels }) as DashboardJson;
}

const isRow = (panel: Panel | RowPanel): panel is RowPanel => panel.type === "row";

const withTargets = (panel: Panel): Panel => ({
  ...panel,
  targets: panel.targets?.map((target, index) => ({
    ...target,
    refId: String.fromCharCode("A".charCodeAt(0) + index),
    // Arithmetic on a panel's queries has a data source of its own.
    datasource: (target as { datasource?: unknown }).datasource ?? panel.datasource,
  })),
});

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!value || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(
    ([, member]) => typeof member !== "function" && member !== undefined,
  );
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sortKeys(member)]),
  );
}

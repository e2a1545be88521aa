import * as units from "@grafana/grafana-foundation-sdk/units";
import { nodesOf, wordOf } from "./ast.ts";
import type { PlacedPanel } from "./dashboard-json.ts";
import { matchersOf } from "./promql-series.ts";
import { parsePromql } from "./promql-syntax.ts";

/** The data source is a variable. */
export function panelDatasource({ panel: { datasource } }: PlacedPanel): string[] {
  const wanted = `\${${datasource?.type}_datasource}`;
  return datasource?.uid === wanted ? [] : [`asks ${datasource?.uid ?? "nothing"} and not ${wanted}`];
}

/** There is a title, and words on what it shows. */
export const panelTitleDescription = ({ panel: { title, description } }: PlacedPanel): string[] => [
  ...(title ? [] : ["has no title"]),
  ...(description ? [] : ["has no description"]),
];

const numberPanels = ["stat", "timeseries", "gauge", "bargauge", "barchart", "histogram", "heatmap", "table"];
const knownUnits = new Set<unknown>(Object.values(units));

/** Numbers have a unit that Grafana knows. */
export function panelUnits({ panel: { type, fieldConfig } }: PlacedPanel): string[] {
  if (!numberPanels.includes(type) || fieldConfig?.defaults?.mappings?.length) return [];
  const ofFields = (fieldConfig?.overrides ?? [])
    .flatMap(({ properties }) => properties)
    .filter(({ id }) => id === "unit")
    .map(({ value }) => value);
  const given = [fieldConfig?.defaults?.unit, ...ofFields].filter(
    (unit) => unit !== undefined && unit !== "",
  );
  if (given.length === 0) return ["shows numbers without a unit"];
  return given.filter((unit) => !knownUnits.has(unit)).map((unit) => `${String(unit)} is no unit of Grafana`);
}

/** Something is asked. */
export const panelNoTargets = ({ panel: { targets = [] } }: PlacedPanel): string[] =>
  targets.length > 0 ? [] : ["asks nothing"];

const promqlOf = ({ panel: { targets = [] } }: PlacedPanel): string[] =>
  targets.map(({ expr }) => expr).filter((expr) => expr !== undefined);

/** Rates are taken over `$__rate_interval`. */
export const targetRateInterval = (placed: PlacedPanel): string[] =>
  promqlOf(placed)
    .flatMap((text) => [...text.matchAll(/\[([^\]]*)\]/g)].map(([, range]) => range!))
    .filter((range, index, all) => range !== "$__rate_interval" && all.indexOf(range) === index)
    .map((range) => `takes a rate over ${range} and not $__rate_interval`);

/** Every selector has that label. */
export function targetMatcher(placed: PlacedPanel, wanted: string): string[] {
  const bare = promqlOf(placed).flatMap((text) => {
    const { query } = parsePromql(text.replace(/\$\w+/g, "5m"));
    return nodesOf(query)
      .filter(({ name }) => name === "VectorSelector")
      .filter((node) => matchersOf(node, query).every(({ label }) => label !== wanted))
      .map((node) => wordOf(node, query));
  });
  return bare.length > 0 ? [`asks without ${wanted}="…"`] : [];
}

import type { Dashboard, Variable } from "./dashboard-json.ts";

const variablesOf = ({ templating }: Dashboard): Variable[] => templating?.list ?? [];

/** Data sources are variables, named and labelled by their type. */
export function templateDatasource(dashboard: Dashboard): string[] {
  const sources = variablesOf(dashboard).filter(({ type }) => type === "datasource");
  if (sources.length === 0) return ["has no variable for a data source"];
  return sources
    .filter(
      ({ name, label = "", query }) =>
        name !== `${String(query)}_datasource` ||
        label.toLowerCase() !== `${String(query)} data source`.toLowerCase(),
    )
    .map(
      ({ name, label, query }) =>
        `the variable ${name} ("${label}") must be ${String(query)}_datasource ("${String(query)} data source")`,
    );
}

/** There is a variable of that name. */
export const templateVariable = (dashboard: Dashboard, wanted: string): string[] =>
  variablesOf(dashboard).some(({ name }) => name === wanted) ? [] : [`has no variable ${wanted}`];

/** Variables that are asked for follow the time range. */
export const templateReload = (dashboard: Dashboard): string[] =>
  variablesOf(dashboard)
    .filter(({ type, refresh }) => type === "query" && refresh !== 2)
    .map(({ name }) => `the variable ${name} is not read again with the time range`);

/** Grafana refuses edits, which the next deployment would undo. */
export const uneditable = ({ editable }: Dashboard): string[] =>
  editable === false ? [] : ["can be edited in Grafana, where edits are lost"];

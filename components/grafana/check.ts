import { UserError } from "../../errors.ts";
import type { Correlation, Datasource, Transformation } from "./datasource.ts";

/** Grafana draws at most this many buttons on a span; one more turns all of them into a menu. */
const maxLinksPerSpan = 3;

/**
 * What keeps Grafana from starting with these data sources, or from showing their correlations.
 *
 * The rules were seen in a real Grafana 12.4: a correlation with an unknown target or without label or description
 * keeps it from starting, as do two data sources of one uid.
 */
export const datasourceProblems = (datasources: readonly Datasource[]): string[] => [
  ...duplicates(datasources, "uid"),
  ...duplicates(datasources, "name"),
  ...datasources.flatMap((source) => [
    ...danglingReferences(source, datasources),
    ...badCorrelations(source, datasources),
  ]),
];

/**
 * Refuses data sources with {@link datasourceProblems}.
 *
 * @throws UserError that names every problem.
 */
export function checkDatasources(datasources: readonly Datasource[]): void {
  const problems = datasourceProblems(datasources);
  if (problems.length > 0) {
    throw new UserError(
      `Grafana would not start with these data sources:\n${problems.map((line) => `  - ${line}`).join("\n")}`,
    );
  }
}

const duplicates = (datasources: readonly Datasource[], field: "uid" | "name"): string[] =>
  datasources
    .filter((source, index) => datasources.findIndex((other) => other[field] === source[field]) < index)
    .map((source) => `two data sources have the ${field} "${source[field]}"`);

/** Every `datasourceUid` in a data source's own settings must be provisioned beside it. */
function danglingReferences(source: Datasource, datasources: readonly Datasource[]): string[] {
  return uidsIn(source.jsonData)
    .filter((uid) => !datasources.some((other) => other.uid === uid))
    .map((uid) => `"${source.name}" refers to the data source "${uid}", which is not provisioned with it`);
}

function uidsIn(value: unknown): string[] {
  if (!value || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "datasourceUid" ? [String(member)] : uidsIn(member),
  );
}

function badCorrelations(source: Datasource, datasources: readonly Datasource[]): string[] {
  const list = source.correlations ?? [];
  const problems = list.flatMap((correlation) => {
    const name = `correlation "${correlation.label ?? "without a label"}" of "${source.name}"`;
    const found: string[] = [];
    if (typeof correlation.label !== "string") found.push(`${name} has no label`);
    if (typeof correlation.description !== "string") found.push(`${name} has no description`);
    if ("type" in correlation.config) found.push(`${name} has its type inside config; it belongs beside it`);
    found.push(...badTransformations(correlation).map((problem) => `${name} has ${problem}`));
    if (correlation.type === "query" && !datasources.some((other) => other.uid === correlation.targetUID)) {
      found.push(`${name} has the target "${correlation.targetUID}", which is not provisioned with it`);
    }
    return found;
  });
  const links = list.length + metricLinks(source);
  return links > maxLinksPerSpan
    ? [
        ...problems,
        `"${source.name}" puts ${links} links on every span; more than ${maxLinksPerSpan} become a menu`,
      ]
    : problems;
}

/** Of what Grafana refuses, and of what its page cannot evaluate (`pkg/services/correlations/models.go`). */
function badTransformations({ config }: Correlation): string[] {
  const { transformations = [] } = config as { transformations?: readonly Partial<Transformation>[] };
  return transformations.flatMap(({ type, expression }) => {
    if (type !== "regex") return [`a transformation of type "${type}", which is no regex`];
    if (!expression) return ["a transformation without an expression"];
    return isRegex(expression) ? [] : [`a transformation that is no regular expression: ${expression}`];
  });
}

function isRegex(expression: string): boolean {
  try {
    return new RegExp(expression) instanceof RegExp;
  } catch {
    return false;
  }
}

function metricLinks(source: Datasource): number {
  const { tracesToMetrics } = source.jsonData as { tracesToMetrics?: { queries?: readonly unknown[] } };
  return tracesToMetrics?.queries?.length ?? 0;
}

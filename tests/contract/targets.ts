import { queryOf, type Target } from "../../dashboards/queries.ts";
import { names } from "../../telemetry/metrics.ts";
import type { Query } from "../../telemetry/signals.ts";
import { everywhere, substitute, type Variables } from "./variables.ts";

/** A query with the name of the place where it stands, its variables filled in. */
export interface PlacedQuery {
  readonly place: string;
  /** `unreadable` has in its text why the gate cannot judge it, which is a failure. */
  readonly language: "promql" | "traceql" | "sql" | "unreadable";
  readonly text: string;
  /** Grafana's template of a series' name. */
  readonly legend?: string;
  /** It may ask Prometheus for metrics that are not made from traces. */
  readonly otherMetrics?: boolean;
  /** It fills a table that promises the newest traces. */
  readonly newest?: boolean;
  /** It is shown as an example of what does not work. */
  readonly refused?: boolean;
  /** Its trace id comes from a search, which drops leading zeros. */
  readonly foundId?: boolean;
}

/** What is known about a query by its place. */
export interface Site extends Omit<PlacedQuery, "language" | "text" | "legend"> {
  readonly variables: Variables;
}

/** A query as it stands, once for every text that its variables can make of it; an empty one asks nothing. */
export function placed(
  { variables, ...site }: Site,
  language: PlacedQuery["language"],
  text: string,
  legend?: string,
): PlacedQuery[] {
  const { texts, unknown } = substitute(text, { ...everywhere, ...variables });
  if (unknown.length > 0)
    return [unreadable(site.place, `nothing fills in the variable $${unknown.join(", $")}`)];
  return texts
    .filter((one) => one !== "" || text === "")
    .map((one) => ({ ...site, language, text: one, ...(legend !== undefined && { legend }) }));
}

/** A place whose query cannot be read, and why. */
export const unreadable = (place: string, why: string): PlacedQuery => ({
  place,
  language: "unreadable",
  text: why,
});

/** A query of ours. */
export function placedQuery(query: Query, site: Site): PlacedQuery[] {
  switch (query.language) {
    case "promql":
      return placed(site, "promql", query.text, query.legend);
    case "sql":
      return placed(site, "sql", query.text);
    case "service-map":
      // A selector that Grafana puts behind the metrics of the service graph.
      return query.text === "" ? [] : placed(site, "promql", `rate(${names.edges}${query.text}[5m])`);
    case "share":
      return [query.part, query.whole].flatMap((each) => placedQuery(each, site));
    case "traceql":
    case "traceql-metrics":
    case "trace":
      return placed(site, "traceql", query.text);
  }
}

/** Data sources of targets that ask nothing: Grafana's own, and arithmetic on the queries beside it. */
const silent = ["datasource", "grafana", "__expr__"];

/** The queries in a target of a panel or of Explore. */
export function targetQueries(target: Target, site: Site): PlacedQuery[] {
  const query = queryOf(target);
  if (query) return placedQuery(query, site);
  const type = target.datasource?.type ?? "(none)";
  if (silent.includes(type)) return [];
  const what =
    type === "tempo"
      ? `the query type ${target.queryType} of Tempo is none that can be checked`
      : `a query of the data source ${type} cannot be checked`;
  return [unreadable(site.place, what)];
}

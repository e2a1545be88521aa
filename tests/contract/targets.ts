import type { Target } from "./dashboard-json.ts";
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

/** The queries in a target of a panel or of Explore. */
export function targetQueries(target: Target, site: Site): PlacedQuery[] {
  const { datasource, expr, legendFormat, queryType, query, serviceMapQuery } = target;
  switch (datasource?.type) {
    case "prometheus":
      return placed(site, "promql", expr ?? "", legendFormat);
    case "openobserve":
      return placed(site, "sql", query ?? "");
    case "tempo":
      if (queryType === "traceql") return placed(site, "traceql", query ?? "");
      if (queryType === "serviceMap") {
        // A selector that Grafana puts behind the metrics of the service graph.
        return serviceMapQuery
          ? placed(site, "promql", `rate(traces_service_graph_request_total${serviceMapQuery}[5m])`)
          : [];
      }
      return [unreadable(site.place, `the query type ${queryType} of Tempo is none that can be checked`)];
    case "datasource":
    case "grafana":
    // Arithmetic on the queries beside it.
    case "__expr__":
      return [];
    case undefined:
    default:
      return [
        unreadable(
          site.place,
          `a query of the data source ${datasource?.type ?? "(none)"} cannot be checked`,
        ),
      ];
  }
}

import type { Rule } from "../../alerts/groups.ts";
import type { Correlation, Datasource } from "../../components/grafana/datasource.ts";
import type { Signal } from "../../telemetry/signals.ts";
import { linksOf, panelsOf, type Dashboard, type Variable } from "./dashboard-json.ts";
import { exploreQueries } from "./explore-links.ts";
import { placed, placedQuery, targetQueries, unreadable, type PlacedQuery } from "./targets.ts";
import { ofDashboard, ofDataLinks, ofSpans, sampleTraceId, type Variables } from "./variables.ts";

/** The queries of all signals, which are asked with the variables of the dashboards that show them. */
export const signalQueries = (
  signals: Readonly<Record<string, Signal>>,
  variables: Variables,
): PlacedQuery[] =>
  Object.entries(signals).flatMap(([id, { queries }]) =>
    queries.flatMap((query) =>
      placedQuery(query, { place: `signal ${id}`, variables, newest: true, foundId: true }),
    ),
  );

/** The queries of a dashboard: its panels, their links into Explore, its variables and annotations. */
export function dashboardQueries(dashboard: Dashboard, otherMetrics: boolean): PlacedQuery[] {
  const variables = ofDashboard(dashboard);
  const site = { variables, otherMetrics, newest: true, foundId: true };
  return [
    ...panelsOf(dashboard).flatMap(({ panel, place }) => [
      ...(panel.targets ?? []).flatMap((target) => targetQueries(target, { ...site, place })),
      ...linksOf(panel).flatMap(({ title, url }) =>
        exploreQueries(url, {
          ...site,
          place: `${place} › link ${title}`,
          variables: { ...variables, ...ofDataLinks },
        }),
      ),
    ]),
    ...(dashboard.templating?.list ?? []).flatMap((variable) =>
      variableQueries(variable, { ...site, place: `${dashboard.title} › variable ${variable.name}` }),
    ),
    ...(dashboard.annotations?.list ?? []).flatMap((annotation) =>
      targetQueries(annotation, {
        ...site,
        // Events come from the cluster, not from traces.
        otherMetrics: true,
        place: `${dashboard.title} › annotation ${annotation.name}`,
      }),
    ),
  ];
}

function variableQueries(
  { type, query, datasource }: Variable,
  site: Parameters<typeof placed>[0],
): PlacedQuery[] {
  if (type !== "query") return [];
  if (datasource?.type === "tempo") return tempoVariable(query as TempoVariable, site);
  const text = typeof query === "string" ? query : (query as { query?: string } | undefined)?.query;
  const [, selector, label] = /^label_values\((.+),\s*(\w+)\s*\)$/.exec(text ?? "") ?? [];
  if (datasource?.type !== "prometheus" || !selector) {
    return [
      unreadable(site.place, `only label_values(metric, label) of Prometheus can be checked, not ${text}`),
    ];
  }
  return placed(site, "promql", `sum by (${label}) (rate(${selector}[5m]))`);
}

/** Grafana's question to Tempo for the values of an attribute: 1 stands for values, 0 for names. */
interface TempoVariable {
  readonly type?: number;
  readonly label?: string;
}

function tempoVariable({ type, label }: TempoVariable, site: Parameters<typeof placed>[0]): PlacedQuery[] {
  if (type !== 1 || !label) {
    return [unreadable(site.place, "only values of an attribute of Tempo's can be checked")];
  }
  return placed(
    { ...site, newest: false },
    "traceql",
    `{ span.${label} != nil } | rate() by (span.${label})`,
  );
}

/** The query of a rule. */
export const ruleQueries = (rule: Rule): PlacedQuery[] =>
  placed(
    { place: `rule ${"record" in rule ? rule.record : rule.alert}`, variables: {} },
    "promql",
    rule.expr,
  );

/** The queries of a data source: its way from a span to metrics, and its correlations. */
export const datasourceQueries = (source: Datasource, all: readonly Datasource[]): PlacedQuery[] => [
  ...metricsOfSpan(source),
  ...(source.correlations ?? []).flatMap((correlation) =>
    correlationQueries(correlation, `data source ${source.name} › ${correlation.label}`, all),
  ),
];

interface TracesToMetrics {
  readonly tags?: readonly { readonly key: string; readonly value?: string }[];
  readonly queries?: readonly { readonly name: string; readonly query: string }[];
}

function metricsOfSpan({ name, jsonData }: Datasource): PlacedQuery[] {
  const { tags = [], queries = [] } = (jsonData["tracesToMetrics"] ?? {}) as TracesToMetrics;
  const matchers = tags.map(({ key, value }) => `${value ?? key.replaceAll(".", "_")}="sample"`).join(",");
  return queries.flatMap((query) =>
    placed(
      { place: `data source ${name} › ${query.name}`, variables: { __tags: [matchers] } },
      "promql",
      query.query,
    ),
  );
}

function correlationQueries(
  { type, config, ...rest }: Correlation,
  place: string,
  all: readonly Datasource[],
): PlacedQuery[] {
  const site = { place, variables: { ...ofSpans, ...foundIn(config) } };
  if (type === "external") return exploreQueries(config.target.url, site);
  const target = all.find(({ uid }) => "targetUID" in rest && uid === rest.targetUID);
  return targetQueries({ ...config.target, datasource: { type: target?.type } }, site);
}

/** Variables that a link finds in a text by the groups of its patterns: ids of traces. */
const foundIn = (config: Correlation["config"]): Variables =>
  Object.fromEntries(
    ("transformations" in config ? (config.transformations ?? []) : []).flatMap(({ expression }) =>
      [...expression.matchAll(/\(\?<(\w+)>/g)].map(([, name]) => [name!, [sampleTraceId]]),
    ),
  );

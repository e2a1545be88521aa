import type { Metric } from "../../telemetry/metrics.ts";
import { nodesOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";
import { groupingProblems } from "./promql-grouping.ts";
import { histogramProblems } from "./promql-histograms.ts";
import { labelsOf, type AllSeries } from "./promql-labels.ts";
import { matcherProblems } from "./promql-matchers.ts";
import { nameOf, seriesOf } from "./promql-series.ts";
import { parsePromql } from "./promql-syntax.ts";

/** Where a PromQL query stands decides what it may ask for. */
export interface PromqlOptions {
  readonly metrics: readonly Metric[];
  /** Grafana's template of a series' name, such as `{{service}}`. */
  readonly legend?: string;
  /** It may also ask for metrics that are not made from traces. */
  readonly otherMetrics?: boolean;
}

/** What is wrong with a PromQL query: what Prometheus refuses, and metrics, labels and values that cannot exist. */
export function checkPromql(text: string, { metrics, legend = "", otherMetrics }: PromqlOptions): string[] {
  const { query, problems } = parsePromql(text);
  if (problems.length > 0) return problems;
  const series = seriesOf(metrics);
  const selectors = nodesOf(query).filter(({ name }) => name === "VectorSelector");
  const found = [
    ...selectors.flatMap((node) => selectorProblems(node, query, series, otherMetrics ?? false)),
    ...groupingProblems(query, series),
    ...histogramProblems(query, series),
    ...legendProblems(legend, query, series),
  ];
  return [...new Set(found)];
}

function selectorProblems(
  node: SyntaxNode,
  query: Parsed,
  series: AllSeries,
  otherMetrics: boolean,
): string[] {
  const name = nameOf(node, query);
  if (!name) return [`${wordOf(node, query)} names no metric`];
  const one = series.get(name);
  if (!one) {
    return otherMetrics && !name.startsWith("traces_")
      ? []
      : [`the metric ${name} does not exist: the contract has none of that name`];
  }
  return [
    ...(one.isGauge ? [] : counterProblems(node, name, query)),
    ...matcherProblems(node, name, one, query),
  ];
}

/** Functions that make sense of a number that only grows, and falls to 0 when Tempo restarts. */
const counterFunctions = ["rate", "irate", "increase", "resets", "changes", "absent", "absent_over_time"];

/** What stands between a metric and the function that it is an argument of. */
const transparent = ["MatrixSelector", "SubqueryExpr", "OffsetExpr", "StepInvariantExpr", "ParenExpr"];

/** A counter beside `unless` is asked what it began with: no growth tells of that where no 0 comes before it. */
function counterProblems(node: SyntaxNode, name: string, query: Parsed): string[] {
  let argument = node;
  while (argument.parent && transparent.includes(argument.parent.name)) argument = argument.parent;
  const call = argument.parent?.name === "FunctionCallBody" ? argument.parent.parent! : undefined;
  const identifier = call?.getChild("FunctionIdentifier");
  const called = identifier && wordOf(identifier, query);
  const compared = called === "last_over_time" ? call!.parent! : argument.parent;
  return (called && counterFunctions.includes(called)) || compared?.getChild("Unless")
    ? []
    : [`${name} is a counter: ask for its rate() or increase()`];
}

function legendProblems(legend: string, query: Parsed, series: AllSeries): string[] {
  const labels = labelsOf(query.tree.topNode.firstChild!, query, series);
  if (labels === "unknown") return [];
  return [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)]
    .map(([, label]) => label!)
    .filter((label) => !labels.has(label))
    .map((label) => `the legend names the label ${label}, which its series do not have`);
}

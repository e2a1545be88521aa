import { seriesNames, type Metric } from "../../telemetry/metrics.ts";
import { childrenOf, nodesOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";
import { panelsOf, type Dashboard } from "./dashboard-json.ts";
import { nameOf } from "./promql-series.ts";
import { parsePromql } from "./promql-syntax.ts";

/** Why a histogram cannot tell whether something took longer than that; nothing when it can. */
export function boundProblem(seconds: number, { name, bounds = [] }: Metric): string | undefined {
  const top = Math.max(...bounds);
  if (seconds > top) return `${seconds} s is above the top bound of ${name}, ${top} s`;
  return bounds.includes(seconds) ? undefined : `${seconds} s is no bound of ${name}: ${bounds.join(", ")}`;
}

/** Thresholds of a panel that its histogram cannot tell apart, one line each. */
export function panelBoundProblems(
  dashboard: Pick<Dashboard, "title" | "panels">,
  metrics: readonly Metric[],
): string[] {
  return panelsOf(dashboard).flatMap(({ panel, place }) => {
    const { unit = "", thresholds } = panel.fieldConfig?.defaults ?? {};
    const perSecond = unitsPerSecond[unit];
    if (!perSecond) return [];
    const histograms = (panel.targets ?? []).flatMap(({ expr }) => (expr ? histogramsIn(expr, metrics) : []));
    return (thresholds?.steps ?? [])
      .map(({ value }) => value)
      .filter((value): value is number => value !== null && value !== 0)
      .flatMap((value) => [...new Set(histograms)].map((metric) => boundProblem(value / perSecond, metric)))
      .filter((problem) => problem !== undefined)
      .map((problem) => `${place}: threshold ${problem}`);
  });
}

/** Numbers that a query compares a quantile with, where the histogram cannot tell them apart. */
export function queryBoundProblems(text: string, metrics: readonly Metric[]): string[] {
  const { query } = parsePromql(text);
  return nodesOf(query)
    .filter((node) => node.name === "BinaryExpr" && isComparison(node, query))
    .flatMap((node) => {
      const [left, right] = [node.firstChild!, node.lastChild!];
      const [number, quantile] = left.name === "NumberDurationLiteral" ? [left, right] : [right, left];
      if (number.name !== "NumberDurationLiteral" || !isQuantile(quantile, query)) return [];
      // Every duration is at least 0: this keeps out what is not a number.
      if (Number(wordOf(number, query)) === 0) return [];
      return histogramsIn(wordOf(quantile, query), metrics).map((metric) =>
        boundProblem(Number(wordOf(number, query)), metric),
      );
    })
    .filter((problem) => problem !== undefined);
}

/** How many of a panel's unit make a second. */
const unitsPerSecond: Readonly<Record<string, number>> = { s: 1, ms: 1000, dtdurations: 1, clocks: 1 };

const isComparison = (node: SyntaxNode, query: Parsed): boolean =>
  childrenOf(node).some((child) => /^([<>]=?|[=!]=)$/.test(wordOf(child, query)));

function isQuantile(node: SyntaxNode, query: Parsed): boolean {
  const inner = node.name === "ParenExpr" ? node.firstChild! : node;
  return inner.name === "FunctionCall" && wordOf(inner.firstChild!, query) === "histogram_quantile";
}

/** The histograms whose buckets a query asks for. */
function histogramsIn(text: string, metrics: readonly Metric[]): Metric[] {
  const { query } = parsePromql(text);
  const names = nodesOf(query)
    .filter(({ name }) => name === "VectorSelector")
    .map((node) => nameOf(node, query))
    .filter((name) => name?.endsWith("_bucket"));
  return metrics.filter((metric) => seriesNames(metric).some((name) => names.includes(name)));
}

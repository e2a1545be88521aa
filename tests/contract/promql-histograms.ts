import { childrenOf, nodesOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";
import { labelsOf, type AllSeries } from "./promql-labels.ts";
import { argumentsOf, binaryParts, isNumber, operandOf } from "./promql-parts.ts";
import { nameOf } from "./promql-series.ts";

/** Functions that make a number of a native histogram; of anything else all but the quantile answer nothing. */
const readings = [
  "histogram_quantile",
  "histogram_count",
  "histogram_sum",
  "histogram_avg",
  "histogram_fraction",
];

/** Aggregations that add native histograms up, or count series; the others leave histograms out. */
const adding = ["sum", "avg", "count", "group"];

/** What is wrong with the use of histograms, each form of which Prometheus reads in its own way. */
export const histogramProblems = (query: Parsed, series: AllSeries): string[] =>
  nodesOf(query).flatMap((node) => {
    switch (node.name) {
      case "FunctionCall":
        return callProblems(node, query, series);
      case "AggregateExpr": {
        const operation = wordOf(node.firstChild!, query);
        return adding.includes(operation) || !isNative(operandOf(node), query, series)
          ? []
          : [`${operation} leaves native histograms out`];
      }
      case "BinaryExpr": {
        const { left, right, operator } = binaryParts(node, query);
        const isSet = ["or", "and", "unless"].includes(operator);
        return !isSet && [left, right].some((side) => isNative(side, query, series))
          ? [`${operator} is asked of a native histogram: read it first, with ${readings.join(", ")}`]
          : [];
      }
      default:
        return [];
    }
  });

function callProblems(node: SyntaxNode, query: Parsed, series: AllSeries): string[] {
  const name = wordOf(node.firstChild!, query);
  const operand = argumentsOf(node).find((argument) => !isNumber(argument));
  if (!readings.includes(name) || !operand || isNative(operand, query, series)) return [];
  const labels = labelsOf(operand, query, series);
  if (labels === "unknown") return [];
  if (name !== "histogram_quantile") return [`${name} answers nothing for what is no native histogram`];
  return labels.has("le") ? [] : ["histogram_quantile answers nothing without the label le"];
}

/** Whether an expression answers with native histograms. */
function isNative(node: SyntaxNode, query: Parsed, series: AllSeries): boolean {
  switch (node.name) {
    case "VectorSelector":
      return series.get(nameOf(node, query) ?? "")?.isNative ?? false;
    case "FunctionCall":
      return (
        !/^(histogram_|absent|changes$|resets$|timestamp$|count_over_time$)/.test(
          wordOf(node.firstChild!, query),
        ) && argumentsOf(node).some((argument) => isNative(argument, query, series))
      );
    case "AggregateExpr":
      return (
        ["sum", "avg"].includes(wordOf(node.firstChild!, query)) && isNative(operandOf(node), query, series)
      );
    case "BinaryExpr": {
      const { left, right } = binaryParts(node, query);
      return isNative(left, query, series) || isNative(right, query, series);
    }
    default:
      return childrenOf(node)
        .filter((child) => child.type.is("Expr"))
        .some((child) => isNative(child, query, series));
  }
}

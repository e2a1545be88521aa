import { childrenOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";
import { argumentsOf, binaryParts, groupingsOf, isNumber, operandOf, textArguments } from "./promql-parts.ts";
import { nameOf, type Series } from "./promql-series.ts";

/** Labels that the series of an expression can have; unknown for metrics that are not ours. */
export type Labels = ReadonlySet<string> | "unknown";

/** The series that exist, by name. */
export type AllSeries = ReadonlyMap<string, Series>;

/** Labels of the series that an expression answers with. */
export function labelsOf(node: SyntaxNode, query: Parsed, series: AllSeries): Labels {
  switch (node.name) {
    case "VectorSelector":
      return series.get(nameOf(node, query) ?? "")?.labels ?? "unknown";
    case "AggregateExpr":
      return labelsOfAggregate(node, query, series);
    case "BinaryExpr":
      return labelsOfBinary(node, query, series);
    case "FunctionCall":
      return labelsOfCall(node, query, series);
    case "NumberDurationLiteral":
    case "StringLiteral":
      return none;
    default: {
      const inner = childrenOf(node).find((child) => child.type.is("Expr"));
      return inner ? labelsOf(inner, query, series) : none;
    }
  }
}

/** Labels of either. */
export const union = (a: Labels, b: Labels): Labels =>
  a === "unknown" || b === "unknown" ? "unknown" : new Set([...a, ...b]);

const none: Labels = new Set<string>();

function labelsOfAggregate(node: SyntaxNode, query: Parsed, series: AllSeries): Labels {
  const operation = wordOf(node.firstChild!, query);
  const inner = labelsOf(operandOf(node), query, series);
  // These pick series; the others make new ones.
  if (["topk", "bottomk", "limitk", "limit_ratio"].includes(operation)) return inner;
  const modifier = node.getChild("AggregateModifier");
  const grouping = groupingsOf(modifier, query)[0] ?? [];
  const kept = modifier?.getChild("Without") ? without(inner, grouping) : new Set(grouping);
  return operation === "count_values" ? plus(kept, textArguments(node, query)) : kept;
}

function labelsOfBinary(node: SyntaxNode, query: Parsed, series: AllSeries): Labels {
  const { left, right, operator, matching } = binaryParts(node, query);
  const labels = (side: SyntaxNode) => labelsOf(side, query, series);
  if (operator === "or") return union(labels(left), labels(right));
  if (operator === "and" || operator === "unless") return labels(left);
  if (!matching) return labels(isNumber(left) ? right : left);
  const [grouping = [], copied = []] = groupingsOf(matching, query);
  if (matching.getChild("GroupLeft")) return plus(labels(left), copied);
  if (matching.getChild("GroupRight")) return plus(labels(right), copied);
  return matching.getChild("On") ? new Set(grouping) : without(labels(left), grouping);
}

function labelsOfCall(node: SyntaxNode, query: Parsed, series: AllSeries): Labels {
  const name = wordOf(node.firstChild!, query);
  if (["absent", "absent_over_time", "vector", "scalar", "time"].includes(name)) return none;
  const vector = argumentsOf(node).find(
    (argument) => !isNumber(argument) && argument.name !== "StringLiteral",
  );
  const labels = vector ? labelsOf(vector, query, series) : none;
  if (name === "histogram_quantile") return without(labels, ["le"]);
  const isRelabelling = name === "label_replace" || name === "label_join";
  return isRelabelling ? plus(labels, textArguments(node, query).slice(0, 1)) : labels;
}

const plus = (labels: Labels, names: readonly string[]): Labels =>
  labels === "unknown" ? labels : new Set([...labels, ...names]);

const without = (labels: Labels, names: readonly string[]): Labels =>
  labels === "unknown" ? labels : new Set([...labels].filter((label) => !names.includes(label)));

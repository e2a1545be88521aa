import { nodesOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";
import { labelsOf, union, type AllSeries, type Labels } from "./promql-labels.ts";
import { binaryParts, groupingsOf, operandOf } from "./promql-parts.ts";

/** What is wrong with `by`, `without`, `on` and `ignoring`: labels that are not there. */
export const groupingProblems = (query: Parsed, series: AllSeries): string[] =>
  nodesOf(query).flatMap((node) => {
    switch (node.name) {
      case "AggregateExpr":
        return aggregateProblems(node, query, series);
      case "BinaryExpr":
        return matchingProblems(node, query, series);
      default:
        return [];
    }
  });

function aggregateProblems(node: SyntaxNode, query: Parsed, series: AllSeries): string[] {
  const modifier = node.getChild("AggregateModifier");
  if (!modifier) return [];
  const [grouping = []] = groupingsOf(modifier, query);
  return missing(
    grouping,
    labelsOf(operandOf(node), query, series),
    `${wordOf(node.firstChild!, query)} ${wordOf(modifier.firstChild!, query)}`,
  );
}

function matchingProblems(node: SyntaxNode, query: Parsed, series: AllSeries): string[] {
  const { left, right, matching } = binaryParts(node, query);
  if (!matching) return [];
  const [leftLabels, rightLabels] = [labelsOf(left, query, series), labelsOf(right, query, series)];
  const [grouping = [], copied = []] = groupingsOf(matching, query);
  const word = wordOf(matching.firstChild!, query);
  return [
    ...(matching.getChild("On")
      ? [...missing(grouping, leftLabels, word), ...missing(grouping, rightLabels, word)]
      : missing(grouping, union(leftLabels, rightLabels), word)),
    ...missing(copied, matching.getChild("GroupRight") ? leftLabels : rightLabels, "the group modifier"),
  ];
}

const missing = (names: readonly string[], labels: Labels, where: string): string[] =>
  labels === "unknown"
    ? []
    : names
        .filter((name) => !labels.has(name))
        .map((name) => `${where} names the label ${name}, which its series do not have`);

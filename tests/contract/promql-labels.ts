import { childrenOf, nodesOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";
import { unquote } from "./literal.ts";
import { nameOf, type Series } from "./promql-series.ts";

export type { Series } from "./promql-series.ts";

/** Labels that the series of an expression can have; unknown for metrics that are not ours. */
export type Labels = ReadonlySet<string> | "unknown";

type AllSeries = ReadonlyMap<string, Series>;

const none: Labels = new Set<string>();

/** What is wrong with `by`, `without`, `on`, `ignoring` and `histogram_quantile`: labels that are not there. */
export const groupingProblems = (query: Parsed, series: AllSeries): string[] =>
  nodesOf(query).flatMap((node) => {
    switch (node.name) {
      case "AggregateExpr":
        return missing(
          groupingOf(node.getChild("AggregateModifier"), query),
          labelsOf(operandOf(node), query, series),
          wordOf(node.firstChild!, query),
        );
      case "BinaryExpr":
        return matchingProblems(node, query, series);
      case "FunctionCall":
        return quantileProblems(node, query, series);
      default:
        return [];
    }
  });

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

function labelsOfAggregate(node: SyntaxNode, query: Parsed, series: AllSeries): Labels {
  const operation = wordOf(node.firstChild!, query);
  const inner = labelsOf(operandOf(node), query, series);
  // These pick series; the others make new ones.
  if (["topk", "bottomk", "limitk", "limit_ratio"].includes(operation)) return inner;
  const modifier = node.getChild("AggregateModifier");
  const grouping = groupingOf(modifier, query);
  const kept = modifier?.getChild("Without") ? without(inner, grouping) : new Set(grouping);
  return operation === "count_values" ? plus(kept, [textArguments(node, query)[0] ?? ""]) : kept;
}

function labelsOfBinary(node: SyntaxNode, query: Parsed, series: AllSeries): Labels {
  const { left, right, operator, matching } = binaryParts(node, query);
  const [leftLabels, rightLabels] = [left, right].map((side) => labelsOf(side, query, series)) as [
    Labels,
    Labels,
  ];
  if (operator === "or") return union(leftLabels, rightLabels);
  if (operator === "and" || operator === "unless") return leftLabels;
  if (!matching) return leftLabels === none || isNumber(left) ? rightLabels : leftLabels;
  const [grouping, copied] = matching.getChildren("GroupingLabels").map((list) => namesIn(list, query));
  if (matching.getChild("GroupLeft")) return plus(leftLabels, copied ?? []);
  if (matching.getChild("GroupRight")) return plus(rightLabels, copied ?? []);
  return matching.getChild("On") ? new Set(grouping) : without(leftLabels, grouping ?? []);
}

function labelsOfCall(node: SyntaxNode, query: Parsed, series: AllSeries): Labels {
  const name = wordOf(node.firstChild!, query);
  const vector = argumentsOf(node).findLast(
    (argument) => !isNumber(argument) && argument.name !== "StringLiteral",
  );
  const inner = name === "label_replace" || name === "label_join" ? argumentsOf(node)[0] : vector;
  if (!inner || ["absent", "absent_over_time", "vector", "scalar", "time"].includes(name)) return none;
  const labels = labelsOf(inner, query, series);
  if (name === "histogram_quantile") return without(labels, ["le"]);
  return inner === vector ? labels : plus(labels, [textArguments(node, query)[0] ?? ""]);
}

function matchingProblems(node: SyntaxNode, query: Parsed, series: AllSeries): string[] {
  const { left, right, matching } = binaryParts(node, query);
  if (!matching) return [];
  const [grouping = [], copied = []] = matching
    .getChildren("GroupingLabels")
    .map((list) => namesIn(list, query));
  const word = wordOf(matching.firstChild!, query);
  const one = matching.getChild("GroupRight") ? left : right;
  const sides = matching.getChild("On") ? [left, right] : [];
  const known = union(labelsOf(left, query, series), labelsOf(right, query, series));
  return [
    ...sides.flatMap((side) => missing(grouping, labelsOf(side, query, series), word)),
    ...(sides.length === 0 ? missing(grouping, known, word) : []),
    ...missing(copied, labelsOf(one, query, series), "group_left or group_right"),
  ];
}

function quantileProblems(node: SyntaxNode, query: Parsed, series: AllSeries): string[] {
  if (wordOf(node.firstChild!, query) !== "histogram_quantile") return [];
  const operand = argumentsOf(node)[1];
  const labels = operand ? labelsOf(operand, query, series) : "unknown";
  return labels === "unknown" || labels.has("le")
    ? []
    : ["histogram_quantile answers nothing without the label le"];
}

const missing = (names: readonly string[], labels: Labels, where: string): string[] =>
  labels === "unknown"
    ? []
    : names
        .filter((name) => !labels.has(name))
        .map((name) => `${where} names the label ${name}, which its series do not have`);

/** What an aggregation is taken of: its last argument. */
const operandOf = (aggregate: SyntaxNode): SyntaxNode =>
  childrenOf(aggregate.getChild("FunctionCallBody")!).findLast((child) => child.type.is("Expr"))!;

const argumentsOf = (call: SyntaxNode): SyntaxNode[] =>
  childrenOf(call.getChild("FunctionCallBody")!).filter((child) => child.type.is("Expr"));

const textArguments = (call: SyntaxNode, query: Parsed): string[] =>
  argumentsOf(call)
    .filter(({ name }) => name === "StringLiteral")
    .map((literal) => unquote(wordOf(literal, query)));

function binaryParts(node: SyntaxNode, query: Parsed) {
  const [left, operator] = childrenOf(node);
  return {
    left: left!,
    operator: wordOf(operator!, query),
    right: node.lastChild!,
    matching: node.getChild("MatchingModifierClause"),
  };
}

const groupingOf = (modifier: SyntaxNode | null, query: Parsed): string[] => {
  const list = modifier?.getChild("GroupingLabels");
  return list ? namesIn(list, query) : [];
};

const namesIn = (list: SyntaxNode, query: Parsed): string[] =>
  childrenOf(list).map((child) =>
    child.name === "QuotedLabelName" ? unquote(wordOf(child, query)) : wordOf(child, query),
  );

const isNumber = (node: SyntaxNode): boolean => node.name === "NumberDurationLiteral";

const plus = (labels: Labels, names: readonly string[]): Labels =>
  labels === "unknown" ? labels : new Set([...labels, ...names]);

const without = (labels: Labels, names: readonly string[]): Labels =>
  labels === "unknown" ? labels : new Set([...labels].filter((label) => !names.includes(label)));

const union = (a: Labels, b: Labels): Labels =>
  a === "unknown" || b === "unknown" ? "unknown" : new Set([...a, ...b]);

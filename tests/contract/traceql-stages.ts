import type { Attribute } from "../../telemetry/attributes.ts";
import { childrenOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";
import { isNumeric, mismatch, typeOf } from "./traceql-conditions.ts";
import type { Type } from "./traceql-attributes.ts";

type Attributes = readonly Attribute[];

/** What is wrong with `avg(x)` and its like: they need numbers. */
export function aggregateProblems(node: SyntaxNode, query: Parsed, attributes: Attributes): string[] {
  const type = typeOfAggregate(node, query, attributes);
  return isMeasure(type) ? [] : [`${wordOf(node, query)}: needs numbers or durations, not ${type}`];
}

/** What is wrong with `avg(x) > y`: both must be of one type. */
export function scalarProblems(node: SyntaxNode, query: Parsed, attributes: Attributes): string[] {
  const types = childrenOf(node)
    .filter((child) => child.name === "ScalarExpression")
    .map((child) => typeOfScalar(child, query, attributes));
  const reason = mismatch(types[0] ?? "any", types[1] ?? "any");
  return reason ? [`${wordOf(node, query)}: ${reason}`] : [];
}

/** What is wrong with a metrics function's arguments and grouping. */
export function metricsProblems(node: SyntaxNode, query: Parsed, attributes: Attributes): string[] {
  const operation = node.firstChild!;
  const name = /^\w+/.exec(wordOf(operation, query))![0];
  return [
    ...argumentProblems(name, operation, query, attributes),
    ...quantileProblems(operation, query),
    ...groupProblems(operation, query),
  ];
}

/** What is wrong with the order of stages: metrics end a query, `topk` and `bottomk` alone may follow them. */
export function stageProblems(node: SyntaxNode, query: Parsed): string[] {
  const expression = node.parent!.parent!;
  const previous = expression.parent!.firstChild!;
  if (node.name === "MetricsAggregatorFunctions") {
    const follows = previous.from !== expression.from && stageOf(previous).startsWith("Metrics");
    return follows ? [] : [`${wordOf(node, query)} follows a metrics function only`];
  }
  const next = nextStage(expression);
  return next && !["MetricsAggregatorFunctions", "ScalarFilter"].includes(next)
    ? [`${wordOf(node, query)} must be the last stage`]
    : [];
}

function typeOfAggregate(node: SyntaxNode, query: Parsed, attributes: Attributes): Type {
  const argument = childrenOf(node).find((child) => child.name === "FieldExpression");
  return argument ? typeOf(argument, query, attributes) : "int";
}

function typeOfScalar(node: SyntaxNode, query: Parsed, attributes: Attributes): Type {
  const inner = node.firstChild;
  if (!inner) return "any";
  return inner.name === "Aggregate"
    ? typeOfAggregate(inner, query, attributes)
    : inner.name === "ScalarExpression"
      ? typeOfScalar(inner, query, attributes)
      : typeOf(inner, query, attributes);
}

const isMeasure = (type: Type): boolean => isNumeric(type) || type === "duration" || type === "any";

function argumentProblems(
  name: string,
  operation: SyntaxNode,
  query: Parsed,
  attributes: Attributes,
): string[] {
  const field =
    operation.getChild("MetricsExpression") ?? operation.firstChild?.getChild("MetricsExpression");
  if (!field?.firstChild) return [];
  const type = typeOf(field.firstChild, query, attributes);
  const words = `${name}(${wordOf(field, query)})`;
  if (!isMeasure(type)) return [`${words}: needs numbers or durations, not ${type}`];
  if (type === "float" && (name === "quantile_over_time" || name === "histogram_over_time")) {
    return [
      `${words}: answers nothing for a float; ask for avg_over_time or max_over_time, or take a histogram`,
    ];
  }
  return [];
}

const quantileProblems = (operation: SyntaxNode, query: Parsed): string[] =>
  childrenOf(operation)
    .flatMap(childrenOf)
    .filter((node) => node.name === "MetricsOperationQuantileArgsType")
    .map((node) => wordOf(node, query))
    .filter((word) => !(Number(word) >= 0 && Number(word) <= 1))
    .map((word) => `the quantile ${word} is not between 0 and 1`);

const groupProblems = (operation: SyntaxNode, query: Parsed): string[] =>
  operation
    .getChildren("GroupOperation")
    .flatMap(childrenOf)
    .filter((node) => !["AttributeField", "IntrinsicField"].includes(node.firstChild?.name ?? ""))
    .map((node) => `by (${wordOf(node, query)}): only attributes and intrinsics can be grouped by`);

/** The kind of stage an expression ends with. */
const stageOf = (expression: SyntaxNode): string => {
  const last = expression.lastChild!;
  return last.name === "SpansetPipelineExpression" ? stageOf(last) : (last.firstChild?.name ?? "");
};

/** The kind of stage after an expression. */
function nextStage(expression: SyntaxNode): string | undefined {
  const whole = expression.prevSibling ? expression.parent! : expression;
  const next = whole.nextSibling?.name === "Pipe" ? whole.nextSibling.nextSibling : undefined;
  return next ? stageOf(next) : undefined;
}

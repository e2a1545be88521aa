import { childrenOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";
import { unquote } from "./literal.ts";

/** What an aggregation is taken of: its last argument. */
export const operandOf = (aggregate: SyntaxNode): SyntaxNode => argumentsOf(aggregate).at(-1)!;

/** The arguments of a function or an aggregation. */
export const argumentsOf = (call: SyntaxNode): SyntaxNode[] =>
  childrenOf(call.getChild("FunctionCallBody")!).filter((child) => child.type.is("Expr"));

/** Those arguments that are text. */
export const textArguments = (call: SyntaxNode, query: Parsed): string[] =>
  argumentsOf(call)
    .filter(({ name }) => name === "StringLiteral")
    .map((literal) => unquote(wordOf(literal, query)));

/** Sides, operator and matching of a binary expression. */
export function binaryParts(node: SyntaxNode, query: Parsed) {
  const [left, operator] = childrenOf(node);
  return {
    left: left!,
    operator: wordOf(operator!, query),
    right: node.lastChild!,
    matching: node.getChild("MatchingModifierClause"),
  };
}

/** The lists of labels in a `by`, `without`, `on` or `ignoring`, and in the `group_left` behind it. */
export const groupingsOf = (modifier: SyntaxNode | null, query: Parsed): string[][] =>
  (modifier?.getChildren("GroupingLabels") ?? []).map((list) =>
    childrenOf(list).map((child) =>
      child.name === "QuotedLabelName" ? unquote(wordOf(child, query)) : wordOf(child, query),
    ),
  );

export const isNumber = (node: SyntaxNode): boolean => node.name === "NumberDurationLiteral";

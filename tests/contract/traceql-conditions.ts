import type { Attribute } from "../../telemetry/attributes.ts";
import { childrenOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";
import { unquote } from "./literal.ts";
import { patternProblem } from "./regex.ts";
import { typeOfField, type Type } from "./traceql-attributes.ts";

const statuses = ["error", "ok", "unset"];
const kinds = ["server", "client", "internal", "producer", "consumer", "unspecified"];

const comparison = /^(=|!=|=~|!~|<|<=|>|>=)$/;
const arithmetic = /^[-+*/%^]$/;

/** What is wrong with a comparison: sides of two types, a pattern that cannot match, an operator that is not for them. */
export function conditionProblems(
  node: SyntaxNode,
  query: Parsed,
  attributes: readonly Attribute[],
): string[] {
  const parts = binaryParts(node, query);
  if (!parts) return [];
  const { left, operator, right } = parts;
  const words = wordOf(node, query);
  const types = [left, right].map((side) => typeOf(side, query, attributes)) as [Type, Type];
  if (operator === "&&" || operator === "||") {
    if (!types.every(isBoolean)) return [`${words}: both sides of ${operator} must be conditions`];
    const inner = [left, right].map((side) => binaryParts(side, query)?.operator);
    const mixed = inner.includes(operator === "&&" ? "||" : "&&");
    return mixed ? [`${words}: mixes && and ||, which Tempo reads from left to right: put parentheses`] : [];
  }
  if (operator === "=~" || operator === "!~") return patternProblems(words, types[0], right, query);
  if (comparison.test(operator)) return comparisonProblems(words, types, operator, [left, right], query);
  return [];
}

/** What is wrong with a filter that is one expression: it must be a condition. */
export function filterProblems(node: SyntaxNode, query: Parsed, attributes: readonly Attribute[]): string[] {
  return childrenOf(node)
    .filter((child) => child.name === "FieldExpression" && !isBoolean(typeOf(child, query, attributes)))
    .map((child) => `${wordOf(child, query)} is no condition`);
}

/** Type of a FieldExpression, or of a field or number that stands for one. */
export function typeOf(node: SyntaxNode, query: Parsed, attributes: readonly Attribute[]): Type {
  if (node.name === "IntrinsicField" || node.name === "AttributeField") {
    return typeOfField(node, query, attributes);
  }
  if (node.name === "Static") return typeOfStatic(node, query);
  if (node.name in numbers) return numbers[node.name]!;
  const parts = binaryParts(node, query);
  if (!parts) {
    const inner = node.firstChild;
    if (!inner || wordOf(node, query).startsWith("!")) return "boolean";
    return typeOf(inner, query, attributes);
  }
  if (!arithmetic.test(parts.operator)) return "boolean";
  const types = [parts.left, parts.right].map((side) => typeOf(side, query, attributes));
  return types.includes("duration") ? "duration" : "number";
}

/** Why two values cannot be compared; nothing when they can. */
export function mismatch(a: Type, b: Type): string | undefined {
  if (a === b || a === "any" || b === "any" || a === "nil" || b === "nil") return undefined;
  const pair = [a, b];
  if (pair.includes("duration") && pair.some(isNumeric)) {
    return "a bare number is nanoseconds: write a duration with its unit, such as 5s";
  }
  if (pair.includes("status")) return `a status is one of ${statuses.join(", ")}, without quotes`;
  if (pair.includes("kind")) return `a kind is one of ${kinds.join(", ")}, without quotes`;
  const text = ["string", "string[]", "id"];
  if (pair.every((type) => text.includes(type))) return undefined;
  if (pair.every(isNumeric)) return undefined;
  return `compares ${a} with ${b}`;
}

/** Whether values of the type are numbers; a duration is one with a unit. */
export const isNumeric = (type: Type): boolean => type === "int" || type === "float" || type === "number";

const numbers: Readonly<Record<string, Type>> = { Integer: "int", Float: "float", Duration: "duration" };

const isBoolean = (type: Type): boolean => type === "boolean" || type === "any";

function typeOfStatic(node: SyntaxNode, query: Parsed): Type {
  const inner = node.firstChild?.name;
  if (inner === "String") return "string";
  if (inner && inner in numbers) return numbers[inner]!;
  if (inner === "TemplateVariable") return "any";
  const word = wordOf(node, query);
  if (word === "nil") return "nil";
  if (statuses.includes(word)) return "status";
  if (kinds.includes(word)) return "kind";
  return "boolean";
}

function binaryParts(node: SyntaxNode, query: Parsed) {
  const [left, operator, right] = childrenOf(node);
  if (!left || !operator || !right) return undefined;
  return { left, operator: wordOf(operator, query), right };
}

function comparisonProblems(
  words: string,
  [left, right]: [Type, Type],
  operator: string,
  sides: readonly SyntaxNode[],
  query: Parsed,
): string[] {
  const equality = operator === "=" || operator === "!=";
  if (operator === "=" && [left, right].includes("nil")) {
    const never = sides.map((side) => wordOf(side, query)).find(isNeverNil);
    return never ? [`${words}: ${never} is never nil`] : [];
  }
  if (!equality && [left, right].some((type) => ["status", "kind", "boolean", "nil", "id"].includes(type))) {
    return [`${words}: only = and != compare these`];
  }
  const reason = mismatch(left, right);
  return reason ? [`${words}: ${reason}`] : [];
}

/** Tempo refuses to look for spans without these. */
const isNeverNil = (field: string): boolean =>
  /^[\w]+:\w+$|^[a-zA-Z]+$/.test(field) ? field !== "nil" : field === "resource.service.name";

function patternProblems(words: string, left: Type, right: SyntaxNode, query: Parsed): string[] {
  if (left === "status" || left === "kind") return [`${words}: ${mismatch(left, "string")}`];
  if (left === "id") return [`${words}: ids compare with = and != only`];
  if (!["string", "string[]", "any"].includes(left)) return [`${words}: a pattern matches text, not ${left}`];
  const literal = right.firstChild?.firstChild;
  if (literal?.name === "TemplateVariable") return [];
  if (literal?.name !== "String") return [`${words}: a pattern is text in quotes`];
  try {
    const problem = patternProblem(unquote(wordOf(literal, query)));
    return problem ? [`${words}: ${problem}`] : [];
  } catch (error) {
    return [`${words}: ${(error as Error).message}`];
  }
}

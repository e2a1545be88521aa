import { traceql, type Attribute } from "../../telemetry/attributes.ts";
import { childrenOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";
import { unquote } from "./literal.ts";

/** Type of an expression; `any` is left to the one who fills a variable in. */
export type Type = "any" | "nil" | "duration" | "status" | "kind" | "id" | "number" | Attribute["type"];

const intrinsics: Readonly<Record<string, Type>> = {
  duration: "duration",
  traceDuration: "duration",
  "span:duration": "duration",
  "trace:duration": "duration",
  "event:timeSinceStart": "duration",
  status: "status",
  "span:status": "status",
  kind: "kind",
  "span:kind": "kind",
  name: "string",
  statusMessage: "string",
  rootName: "string",
  rootServiceName: "string",
  "span:name": "string",
  "span:statusMessage": "string",
  "trace:rootName": "string",
  "trace:rootService": "string",
  "event:name": "string",
  "instrumentation:name": "string",
  "instrumentation:version": "string",
  "trace:id": "id",
  "span:id": "id",
  "span:parentID": "id",
  "link:traceID": "id",
  "link:spanID": "id",
};

/** Whether TraceQL knows the word as an intrinsic. */
export const knownIntrinsic = (word: string): boolean => word in intrinsics;

/** Type of an IntrinsicField or AttributeField. */
export function typeOfField(node: SyntaxNode, query: Parsed, attributes: readonly Attribute[]): Type {
  if (node.name === "IntrinsicField") return intrinsics[wordOf(node, query)] ?? "any";
  const { scope, name } = partsOf(node, query);
  return attributes.find((one) => one.name === name && one.scope === scope)?.type ?? "any";
}

/** What is wrong with an attribute's name or scope. */
export function attributeProblems(
  node: SyntaxNode,
  query: Parsed,
  attributes: readonly Attribute[],
): string[] {
  const { scope, name } = partsOf(node, query);
  if (!scope) return [unscopedProblem(name, attributes)];
  if (scope === "parent") return [`parent.${name}: Tempo does not support parent.`];
  if (attributes.some((one) => one.name === name && one.scope === scope)) return [];
  const elsewhere = attributes.find((one) => one.name === name);
  return [
    elsewhere
      ? `${scope}.${name} does not exist: the attribute is written as ${traceql(elsewhere)}`
      : `${scope}.${name} is an attribute that nobody writes (telemetry/attributes.ts has no ${name})`,
  ];
}

/** An attribute without scope, with the words to write instead. */
export function unscopedProblem(name: string, attributes: readonly Attribute[]): string {
  const known = attributes.find((one) => one.name === name);
  return `the attribute ${name} has no scope: write ${known ? traceql(known) : `span.${name} or resource.${name}`}`;
}

function partsOf(node: SyntaxNode, query: Parsed): { scope: string | undefined; name: string } {
  const identifier = childrenOf(node).find((child) => child.name === "Identifier");
  const scope = childrenOf(node).find((child) => child.name !== "Identifier");
  const word = identifier ? wordOf(identifier, query) : "";
  return {
    scope: scope?.name.toLowerCase(),
    name: word.startsWith('"') ? unquote(word) : word,
  };
}

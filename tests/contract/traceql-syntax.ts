import { parser } from "@grafana/lezer-traceql";
import type { Attribute } from "../../telemetry/attributes.ts";
import { nodesOf, type Parsed } from "./ast.ts";
import { unquote } from "./literal.ts";
import { knownIntrinsic, unscopedProblem } from "./traceql-attributes.ts";

/** A query's tree; or, where it is no TraceQL, the words at which it fails. */
export function parseTraceql(
  text: string,
  attributes: readonly Attribute[],
): { query: Parsed; problems: string[] } {
  const query = { text, tree: parser.parse(withoutSigns(text)) };
  const problems = nodesOf(query)
    .filter((node) => node.type.isError)
    .map((node) => explain(text, node.from, attributes));
  return { query, problems: [...new Set(problems)] };
}

/** The grammar gives a minus sign everything after it; types do not depend on it. */
const withoutSigns = (text: string): string => text.replace(/(?<=[=<>(,+*/%^]\s*)-(?=\d)/g, " ");

function explain(text: string, at: number, attributes: readonly Attribute[]): string {
  const from = at + /^\s*/.exec(text.slice(at))![0].length;
  const word = /^[\w.:]+/.exec(text.slice(from))?.[0] ?? text.slice(from, from + 12);
  const before = text.slice(0, from);
  if (word === "") return "is no TraceQL: it ends too early";
  const literal = /^"(?:[^"\\]|\\.)*"/s.exec(text.slice(from))?.[0];
  if (literal) return `is no TraceQL at ${literal}: ${escapeProblem(literal)}`;
  if (word.startsWith("#")) return "is no TraceQL at #: a comment begins with //";
  if (word === "by" || /\bby\s*$/.test(before)) {
    return `is no TraceQL at "${word}": by (…) follows a metrics function, its attributes in parentheses`;
  }
  const isName = /^[A-Za-z]/.test(word);
  if (isName && !insideBraces(before)) {
    return `is no TraceQL at "${word}": a condition stands inside { … }`;
  }
  if (isName && word.includes(".")) return unscopedProblem(word, attributes);
  if (isName && !knownIntrinsic(word)) return `is no TraceQL at "${word}": there is no such intrinsic`;
  return `is no TraceQL at "${word}"`;
}

function escapeProblem(literal: string): string {
  try {
    unquote(literal);
    return "text is not expected here";
  } catch (error) {
    return (error as Error).message;
  }
}

function insideBraces(before: string): boolean {
  const plain = before.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, "");
  return plain.split("{").length > plain.split("}").length;
}

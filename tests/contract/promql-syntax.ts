import { Parser } from "@prometheus-io/codemirror-promql/dist/cjs/parser/parser.js";
import { parser } from "@prometheus-io/lezer-promql";
import { nodesOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";

/** A query's tree; or, where it is no PromQL, what Prometheus's own editor says about it. */
export function parsePromql(text: string): { query: Parsed; problems: string[] } {
  const query = { text, tree: parser.parse(text) };
  const nodes = nodesOf(query);
  const problems = [
    ...nodes.filter((node) => node.type.isError).map((node) => `is no PromQL at "${near(text, node.from)}"`),
    ...typeProblems(query),
    ...nodes.flatMap((node) => rangeProblems(node, query)),
  ];
  return { query, problems: [...new Set(problems)] };
}

const near = (text: string, at: number): string => text.slice(at, at + 16) || "the end";

/** The editor's type checker. It takes a whole editor, of which it asks for the tree and pieces of the text. */
function typeProblems({ tree, text }: Parsed): string[] {
  const editor = { field: () => ({ tree }), sliceDoc: (from: number, to: number) => text.slice(from, to) };
  const checker = new Parser(editor as unknown as ConstructorParameters<typeof Parser>[0]);
  checker.analyze();
  return checker.getDiagnostics().map(({ message, from, to }) => `${text.slice(from, to)}: ${message}`);
}

/** What the type checker lets pass and Prometheus does not. */
function rangeProblems(node: SyntaxNode, query: Parsed): string[] {
  if (node.name === "MatrixSelector" && node.firstChild?.name !== "VectorSelector") {
    return [`${wordOf(node, query)}: a range is taken of a metric, not of an expression`];
  }
  if (node.name === "NumberDurationLiteralInDurationContext" && /^[\d.]+$/.test(wordOf(node, query))) {
    return [`[${wordOf(node, query)}]: a range needs a unit, such as 5m`];
  }
  return [];
}

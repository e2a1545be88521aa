import type { Attribute } from "../../telemetry/attributes.ts";
import { nodesOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";
import { attributeProblems } from "./traceql-attributes.ts";
import { conditionProblems, filterProblems } from "./traceql-conditions.ts";
import { aggregateProblems, metricsProblems, scalarProblems, stageProblems } from "./traceql-stages.ts";
import { parseTraceql } from "./traceql-syntax.ts";

/** A TraceQL query's place in the product decides what it must say beside being right. */
export interface TraceqlOptions {
  readonly attributes: readonly Attribute[];
  /** It fills a table that promises the newest traces. */
  readonly newest?: boolean;
}

/** One thing that a kind of node must fulfil. */
type Rule = (node: SyntaxNode, query: Parsed, attributes: readonly Attribute[]) => string[];

const rules: Readonly<Record<string, readonly Rule[]>> = {
  AttributeField: [attributeProblems],
  FieldExpression: [conditionProblems],
  SpansetFilter: [filterProblems],
  Aggregate: [aggregateProblems],
  ScalarFilter: [scalarProblems],
  MetricsOperation: [metricsProblems, stageProblems],
  MetricsAggregatorFunctions: [stageProblems],
};

/** What is wrong with a TraceQL query: what Tempo refuses, and what it takes but never finds. */
export function checkTraceql(text: string, { attributes, newest }: TraceqlOptions): string[] {
  if (isTraceId(text)) return [];
  const { query, problems } = parseTraceql(text, attributes);
  if (problems.length > 0) return problems;
  const found = nodesOf(query).flatMap((node) =>
    (rules[node.name] ?? []).flatMap((rule) => rule(node, query, attributes)),
  );
  return [...new Set([...found, ...(newest ? newestProblems(query) : [])])];
}

/** Tempo's data source takes a bare id for the trace itself. */
const isTraceId = (text: string): boolean => /^[0-9a-f]{1,32}$/i.test(text.trim());

function newestProblems(query: Parsed): string[] {
  const nodes = nodesOf(query);
  if (nodes.some(({ name }) => name === "MetricsOperation")) return [];
  const hinted = nodes.some(
    (node) => node.name === "HintParameter" && /^most_recent\s*=\s*true$/.test(wordOf(node, query)),
  );
  return hinted ? [] : ["asks for any matches, not the newest: add with (most_recent=true)"];
}

import { attributes } from "../../telemetry/attributes.ts";
import { label } from "../../telemetry/metrics.ts";
import type { Parsed, SyntaxNode } from "./ast.ts";
import { unquote } from "./literal.ts";
import { matchersOf, type Matcher, type Series } from "./promql-series.ts";
import { patternProblem, wholePattern } from "./regex.ts";

const httpStatuses = Array.from({ length: 500 }, (_, index) => String(100 + index));

/** Labels whose values are known beforehand, of what Tempo makes from traces. Source: `modules/generator/processor`. */
const closedSets: Readonly<Record<string, readonly string[]>> = {
  span_kind: ["SERVER", "CLIENT", "INTERNAL", "PRODUCER", "CONSUMER"].map((kind) => `SPAN_KIND_${kind}`),
  status_code: ["UNSET", "OK", "ERROR"].map((status) => `STATUS_CODE_${status}`),
  connection_type: ["", "virtual_node", "database", "messaging_system"],
  [label(attributes.httpStatusCode.name)]: httpStatuses,
};

/** The same of other metrics: what Tempo counts of its own API by `status_code`, and what Prometheus says of alerts. */
const closedSetsOfOthers: Readonly<Record<string, readonly string[]>> = {
  status_code: httpStatuses,
  alertstate: ["pending", "firing"],
};

/** What is wrong with a selector's conditions: labels it does not have, values they never take. */
export const matcherProblems = (node: SyntaxNode, metric: string, series: Series, query: Parsed): string[] =>
  matchersOf(node, query)
    .filter((matcher) => matcher.label !== "__name__")
    .flatMap((matcher) => {
      const words = `${matcher.label}${matcher.operator}${matcher.literal}`;
      if (!series.labels.has(matcher.label)) return [`${words}: ${metric} has no label ${matcher.label}`];
      return valueProblems(matcher, valuesOf(matcher.label, metric, series)).map(
        (problem) => `${words}: ${problem}`,
      );
    });

function valuesOf(name: string, metric: string, { bounds }: Series): readonly string[] | undefined {
  if (name === "le") return bounds && [...bounds.map(String), "+Inf"];
  return (metric.startsWith("traces_") ? closedSets : closedSetsOfOthers)[name];
}

function valueProblems({ operator, literal }: Matcher, values: readonly string[] | undefined): string[] {
  let value: string;
  try {
    value = unquote(literal);
  } catch (error) {
    return [(error as Error).message];
  }
  const isPattern = operator === "=~" || operator === "!~";
  const problem = isPattern ? patternProblem(value) : undefined;
  if (problem) return [problem];
  // An empty value asks for series without the label.
  if (!values || value === "") return [];
  const found = isPattern ? values.some((one) => wholePattern(value).test(one)) : values.includes(value);
  return found ? [] : [`never so: the values are ${values === httpStatuses ? "100 to 599" : list(values)}`];
}

const list = (values: readonly string[]): string => values.filter((value) => value !== "").join(", ");

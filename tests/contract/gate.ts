import { queryBoundProblems } from "./bounds.ts";
import type { Contract } from "./contract.ts";
import { checkPromql } from "./promql.ts";
import { checkSql } from "./sql.ts";
import type { PlacedQuery } from "./targets.ts";
import { checkTraceql } from "./traceql.ts";

/** What the queries are judged by. */
export interface GateOptions {
  readonly contract: Contract;
  /** Stream of OpenObserve that holds the logs. */
  readonly logStream: string;
}

/** What is wrong with these queries, one line each: the place, and why. */
export const gate = (queries: readonly PlacedQuery[], options: GateOptions): string[] => [
  ...new Set(
    queries.flatMap((query) => judge(query, options).map((problem) => `${query.place}: ${problem}`)),
  ),
];

function judge(query: PlacedQuery, options: GateOptions): string[] {
  const problems = check(query, options);
  if (!query.refused) return problems;
  return problems.length > 0 ? [] : ["is called refused, and is right"];
}

function check(query: PlacedQuery, { contract, logStream }: GateOptions): string[] {
  const { language, text, legend, otherMetrics, newest, foundId = false } = query;
  switch (language) {
    case "unreadable":
      return [text];
    case "sql":
      return checkSql(text, { stream: logStream, foundId });
    case "traceql":
      return checkTraceql(text, { attributes: contract.attributes, newest });
    case "promql": {
      const problems = checkPromql(text, { metrics: contract.metrics, legend, otherMetrics });
      return problems.length > 0 ? problems : queryBoundProblems(text, contract.metrics);
    }
  }
}

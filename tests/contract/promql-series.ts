import { seriesNames, type Metric } from "../../telemetry/metrics.ts";
import { childrenOf, wordOf, type Parsed, type SyntaxNode } from "./ast.ts";
import { unquote } from "./literal.ts";

/** Series of one name in Prometheus. */
export interface Series {
  readonly labels: ReadonlySet<string>;
  /** It rises and falls, where all others only grow. */
  readonly isGauge: boolean;
  /** Its samples are whole histograms. */
  readonly isNative: boolean;
  /** Values of `le`, for the buckets of a histogram. */
  readonly bounds?: readonly number[];
}

/** A condition on a label. */
export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly literal: string;
}

/** The series of these metrics, by name. */
export const seriesOf = (metrics: readonly Metric[]): ReadonlyMap<string, Series> =>
  new Map(
    metrics.flatMap((metric) =>
      seriesNames(metric).map((name): [string, Series] => [
        name,
        {
          isGauge: metric.type === "gauge",
          isNative: metric.type === "histogram" && name === metric.name,
          ...(name.endsWith("_bucket")
            ? { labels: new Set([...metric.labels, "le"]), ...(metric.bounds && { bounds: metric.bounds }) }
            : { labels: new Set(metric.labels) }),
        },
      ]),
    ),
  );

/** The metric that a VectorSelector names, before or inside its braces. */
export function nameOf(selector: SyntaxNode, query: Parsed): string | undefined {
  const identifier = selector.getChild("Identifier");
  if (identifier) return wordOf(identifier, query);
  const quoted = selector.getChild("LabelMatchers")?.getChild("QuotedLabelName");
  if (quoted) return unquote(wordOf(quoted, query));
  const matcher = matchersOf(selector, query).find(
    ({ label, operator }) => label === "__name__" && operator === "=",
  );
  return matcher && unquote(matcher.literal);
}

/** The conditions in a VectorSelector's braces. */
export function matchersOf(selector: SyntaxNode, query: Parsed): Matcher[] {
  const list = selector.getChild("LabelMatchers");
  if (!list) return [];
  return childrenOf(list)
    .filter(({ name }) => name === "UnquotedLabelMatcher" || name === "QuotedLabelMatcher")
    .map((node) => {
      const [label, operator, literal] = childrenOf(node).map((part) => wordOf(part, query));
      return {
        label: node.name === "QuotedLabelMatcher" ? unquote(label!) : label!,
        operator: operator!,
        literal: literal!,
      };
    });
}

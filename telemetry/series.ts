import type { Generator } from "./generator.ts";
import { labels, metrics, type Metric } from "./metrics.ts";

/** What is different about the series of one platform and another. */
export interface Variety {
  /** Models that answer: as many as there are pairs of a name that callers ask for and a provider's model behind it. */
  readonly models: number;
  /** Kinds of SERVER spans: service, name, status and code, and the type of the error. */
  readonly requestKinds: number;
}

/**
 * Kinds of SERVER spans in all that was recorded of LiteLLM 1.106.2 and Open WebUI 0.12.4: their routes with all codes
 * and errors that came up.
 */
export const recordedRequestKinds = 24;

/** What a call to a model can be: its operation, and its error if it has one, as LiteLLM 1.106.2 was recorded to mark it. */
export const callKinds: readonly (readonly [operation: string, errorType: string])[] = [
  ["chat", ""],
  ["chat", "APIConnectionError"],
  ["chat", "AuthenticationError"],
  ["chat", "InternalServerError"],
  ["chat", "NotFoundError"],
  ["chat", "RateLimitError"],
  ["chat", "ReadError"],
  ["chat", "Timeout"],
  ["text_completion", ""],
];

/** Who calls whom; a provider of local models and one that costs money are two. */
export const edges: readonly (readonly [client: string, server: string])[] = [
  ["user", "Open WebUI"],
  ["user", "LiteLLM"],
  ["Open WebUI", "LiteLLM"],
  ["Open WebUI", "its database"],
  ["LiteLLM", "its database"],
  ["LiteLLM", "a provider"],
  ["LiteLLM", "another provider"],
];

/** Kinds of spans of LiteLLM's where it has a database: it looks up a key, and notes a cost. */
export const databaseKinds = 2;

/** What `smoke` adds, with a platform of its own: a request to each application, and the calls of both; and who calls whom. */
export const smoke = { kinds: 4, edges: 3 } as const;

/**
 * Series that Tempo's generator keeps when everything that can happen has happened in the last 15 min, in which it forgets
 * a series (`registry.stale_duration`).
 */
export function expectedSeries(generator: Generator, { models, requestKinds }: Variety): number {
  const kinds = requestKinds + models * callKinds.length + databaseKinds + smoke.kinds;
  return kinds * seriesPerSpanKind(generator) + (edges.length + smoke.edges) * seriesPerEdge(generator);
}

/** Series of spans that have all labels in common. */
const seriesPerSpanKind = (generator: Generator): number => seriesOf(metrics(generator).filter(isOfSpans));

/** Series of the calls from one service to another. */
const seriesPerEdge = (generator: Generator): number =>
  seriesOf(metrics(generator).filter((metric) => !isOfSpans(metric)));

const isOfSpans = (metric: Metric): boolean => metric.labels.includes(labels.service);

/** A counter is one, and a native histogram; a classic one has a bucket for each bound and one without, a sum and a count. */
const seriesOf = (all: readonly Metric[]): number =>
  all.reduce((sum, { bounds }) => sum + (bounds ? bounds.length + 3 : 1), 0);

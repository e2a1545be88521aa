import type { Series } from "../../../clients/question.ts";
import { samplesOf } from "../../../clients/prometheus.ts";
import { metricsOnce } from "../../../clients/tempo.ts";
import { attributes, traceql } from "../../../telemetry/attributes.ts";
import { labels, names } from "../../../telemetry/metrics.ts";
import { countedSpans } from "../../../traffic/expected.ts";
import type { Model } from "../../../traffic/retell.ts";
import type { Trace } from "../../../traffic/span.ts";

const providerModel = ({ provider, deployment }: Model): string => `${provider}/${deployment}`;

/** What finds calls of a model. */
export const callsQuery = (model: Model): string =>
  `{ ${traceql(attributes.providerModel)} = "${providerModel(model)}" }`;

/** Calls of a model among traces. */
export const callsOf = (model: Model, traces: readonly Trace[]): number =>
  countedSpans(traces).filter(
    (span) => span.attributes[attributes.providerModel.name] === providerModel(model),
  ).length;

/**
 * Calls of a model that Prometheus was told of, by all generators.
 *
 * @param started - when each generator was started last, in seconds since 1970: it began anew
 */
export async function countedCalls(
  prometheus: string,
  model: Model,
  started: Readonly<Record<string, number>>,
): Promise<number> {
  const selector = `${names.calls}{${labels.providerModel}="${providerModel(model)}"}`;
  const series = await samplesOf(prometheus, selector, 3600, 30);
  return series.reduce(
    (sum, { labels: of, points }) => sum + riseOf(points, started[of[labels.instance] ?? ""] ?? 0),
    0,
  );
}

/** How much a counter rose that stood at 0 before its first value, and when its process began anew. */
function riseOf(points: Series["points"], anew: number): number {
  const last = (some: Series["points"]) => some.at(-1)?.[1] ?? 0;
  return (
    last(points.filter(([seconds]) => seconds < anew)) + last(points.filter(([seconds]) => seconds >= anew))
  );
}

/** Calls of a model that a query-frontend counts in the traces of a time range, each as often as it is stored. */
export async function storedCalls(
  frontend: string,
  model: Model,
  [from, to]: readonly [number, number],
): Promise<number> {
  const query = `${callsQuery(model)} | count_over_time()`;
  const series = await metricsOnce(frontend, query, { from, to, variables: {}, timeoutSeconds: 60 });
  return series.reduce((sum, { points }) => sum + points.reduce((total, [, value]) => total + value, 0), 0);
}

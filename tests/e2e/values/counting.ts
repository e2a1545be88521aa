import { labels, names } from "../../../telemetry/metrics.ts";
import { waitFor } from "../../../clients/wait.ts";
import { calls, edges } from "../../../traffic/expected.ts";
import type { Trace } from "../../../traffic/span.ts";
import { lastCollection, number } from "./measure.ts";
import { generator } from "./product.ts";

/**
 * Waits until Prometheus has counted every span and every call between services of these traces, the first that this
 * Tempo got, and no collection is under way.
 *
 * @returns the moment of the collection that was the first to have them all, in seconds since 1970
 */
export function counted(
  prometheus: string,
  traces: readonly Trace[],
  deadlineSeconds: number,
): Promise<number> {
  const spans = sum(calls(traces).map(({ count }) => count));
  const pairs = sum(edges(traces, generator.peerAttributes).map(({ count }) => count));
  return waitFor(`Prometheus to count ${spans} spans and ${pairs} calls`, deadlineSeconds, async () => {
    const at = await lastCollection(prometheus);
    const [foundSpans, foundPairs] = await Promise.all([
      number(prometheus, `sum(${names.calls}{${labels.kind}!="SPAN_KIND_INTERNAL"})`, at),
      number(prometheus, `sum(${names.edges})`, at),
    ]);
    if (foundSpans < spans || foundPairs < pairs)
      throw new Error(`${foundSpans} spans and ${foundPairs} calls so far`);
    return at;
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

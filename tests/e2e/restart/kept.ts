import { setTimeout as sleep } from "node:timers/promises";
import { spansOfTrace } from "../../../clients/tempo.ts";
import type { Servers } from "../../../clients/question.ts";

/** A trace that was sent. */
export interface Sent {
  readonly trace: { readonly id: string; readonly spans: { readonly length: number } };
}

/** What Tempo has of a trace. */
type Found<T> = T & { readonly spans: number };

/**
 * Traces of which Tempo has not all spans that were sent, by their id; of a lost one it has 0. It is asked twice, since a trace
 * that Tempo is just moving to its log is not found for a moment.
 */
export async function incomplete<T extends Sent>(
  server: Pick<Servers, "tempo">,
  traces: readonly T[],
): Promise<Found<T>[]> {
  const missing = await incompleteNow(server, traces);
  if (missing.length === 0) return missing;
  await sleep(2000);
  return incompleteNow(server, missing);
}

async function incompleteNow<T extends Sent>(
  { tempo }: Pick<Servers, "tempo">,
  traces: readonly T[],
): Promise<Found<T>[]> {
  const missing = [];
  for (const sent of traces) {
    const spans = await spansOfTrace(tempo, sent.trace.id, {});
    if (spans !== sent.trace.spans.length) missing.push({ ...sent, spans });
  }
  return missing;
}

import { setTimeout as sleep } from "node:timers/promises";
import { spansOfTrace } from "../../../clients/tempo.ts";
import type { Servers } from "../../../clients/question.ts";
import type { Acknowledged } from "./senders.ts";

/** What Tempo has of a trace. */
type Found = Acknowledged & { readonly spans: number };

/**
 * Traces of which Tempo has not all spans that were sent, by their id; of a lost one it has 0. It is asked twice, since a trace
 * that Tempo is just moving to its log is not found for a moment.
 */
export async function incomplete(
  server: Pick<Servers, "tempo">,
  traces: readonly Acknowledged[],
): Promise<Found[]> {
  const missing = await incompleteNow(server, traces);
  if (missing.length === 0) return missing;
  await sleep(2000);
  return incompleteNow(server, missing);
}

async function incompleteNow(
  { tempo }: Pick<Servers, "tempo">,
  traces: readonly Acknowledged[],
): Promise<Found[]> {
  const missing = [];
  for (const acknowledged of traces) {
    const spans = await spansOfTrace(tempo, acknowledged.trace.id, {});
    if (spans !== acknowledged.trace.spans.length) missing.push({ ...acknowledged, spans });
  }
  return missing;
}

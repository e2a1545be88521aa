import { spansOfTrace } from "../../../clients/tempo.ts";
import type { Servers } from "../../../clients/question.ts";
import type { Acknowledged } from "./senders.ts";

/** Traces of which Tempo has not all spans that were sent, by their id; of a lost one it has 0. */
export async function incomplete(
  { tempo }: Pick<Servers, "tempo">,
  traces: readonly Acknowledged[],
): Promise<(Acknowledged & { readonly spans: number })[]> {
  const missing = [];
  for (const acknowledged of traces) {
    const spans = await spansOfTrace(tempo, acknowledged.trace.id, {});
    if (spans !== acknowledged.trace.spans.length) missing.push({ ...acknowledged, spans });
  }
  return missing;
}

import { setTimeout as sleep } from "node:timers/promises";
import { AnsweredError } from "../../../clients/http.ts";
import { exportSpans } from "../../../clients/otlp.ts";
import { chats } from "../../../traffic/chats.ts";
import { payloadEnding } from "../../../traffic/otlp.ts";
import type { Trace } from "../../../traffic/span.ts";
import type { Acknowledged } from "../restart/senders.ts";

/** Most spans of an export (`OTEL_BSP_MAX_EXPORT_BATCH_SIZE` of the SDKs, its default). */
const spansOfExport = 512;

/** What came of a flood. */
export interface Flood {
  readonly acknowledged: readonly Acknowledged[];
  /** Spans a second that were offered, those that were offered again among them. */
  readonly offeredPerSecond: number;
  /** Spans that were refused, by the status that said so; some were refused more than once. */
  readonly refused: Readonly<Record<number, number>>;
  /** From the moment when all had been offered to the moment when all were taken. */
  readonly recoverySeconds: number;
}

/** Exports whole batches by many exporters at once, each of which waits 1, 2, 4 … s after a refusal, as the SDK does. */
export async function flood(otlpHttp: string, exports: readonly Trace[], exporters: number): Promise<Flood> {
  const waiting = [...exports];
  const acknowledged: Acknowledged[] = [];
  const refused: Record<number, number> = {};
  const began = Date.now();
  let offered = 0;
  let spans = 0;
  const work = async () => {
    for (let trace = waiting.pop(); trace; trace = waiting.pop()) {
      const payload = payloadEnding(trace, Date.now());
      for (let wait = 1; ; wait = Math.min(2 * wait, 8)) {
        spans += trace.spans.length;
        const status = await answerTo(exportSpans(otlpHttp, payload, 60));
        if (waiting.length === 0) offered ||= Date.now();
        if (status === 200) break;
        refused[status] = (refused[status] ?? 0) + trace.spans.length;
        await sleep(wait * 1000);
      }
      acknowledged.push({ trace, at: Date.now() });
    }
  };
  await Promise.all(Array.from({ length: exporters }, work));
  return {
    acknowledged,
    offeredPerSecond: (1000 * spans) / (Date.now() - began),
    refused,
    recoverySeconds: (Date.now() - offered) / 1000,
  };
}

/** Traces of so many spans as an export has: few to look for, many to take. */
export const fullExports = (count: number): Trace[] => Array.from({ length: count }, (_, n) => fullExport(n));

function fullExport(n: number): Trace {
  const some: Trace[] = [];
  for (let spans = 0; spans < spansOfExport; spans += some.at(-1)!.spans.length) {
    some.push(chats.chatWithTitle({ seed: `flood ${n} ${some.length}` }));
  }
  return { id: some[0]!.id, spans: some.flatMap((trace) => trace.spans).slice(0, spansOfExport) };
}

const answerTo = (sent: Promise<void>): Promise<number> =>
  sent.then(
    () => 200,
    (error: unknown) => {
      if (error instanceof AnsweredError) return error.status;
      throw error;
    },
  );

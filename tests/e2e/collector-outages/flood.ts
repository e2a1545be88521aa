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
  /** Spans that were answered within its fullest second, those that were offered again among them. */
  readonly fullestSecond: number;
  /** Spans that were refused, by the status that said so; some were refused more than once. */
  readonly refused: Readonly<Record<number, number>>;
  /** From the moment when all had been offered to the moment when all were taken. */
  readonly recoverySeconds: number;
}

/** How much is offered: at least so many exports and, until enough was seen, more. */
interface Amount {
  readonly exporters: number;
  readonly least: number;
  readonly most: number;
  readonly isEnough: (refused: Flood["refused"]) => boolean;
}

/** Exports whole batches by many exporters at once, each of which waits 1, 2, 4 … s after a refusal, as the SDK does. */
export async function flood(otlpHttp: string, { exporters, least, most, isEnough }: Amount): Promise<Flood> {
  const acknowledged: Acknowledged[] = [];
  const refused: Record<number, number> = {};
  const answers: { readonly at: number; readonly spans: number }[] = [];
  let made = 0;
  let offered = Date.now();
  const goesOn = () => made < least || (made < most && !isEnough(refused));
  const work = async () => {
    while (goesOn()) {
      const trace = fullExport(made++);
      const payload = payloadEnding(trace, Date.now());
      for (let wait = 1; ; wait = Math.min(2 * wait, 8)) {
        const status = await answerTo(exportSpans(otlpHttp, payload, 60));
        answers.push({ at: Date.now(), spans: trace.spans.length });
        if (wait === 1) offered = Date.now();
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
    fullestSecond: Math.max(
      ...answers.map(({ at: from }) =>
        answers.filter(({ at }) => at >= from && at < from + 1000).reduce((sum, { spans }) => sum + spans, 0),
      ),
    ),
    refused,
    recoverySeconds: (Date.now() - offered) / 1000,
  };
}

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

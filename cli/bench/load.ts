import { setTimeout as sleep } from "node:timers/promises";
import { request, urlBelow } from "../../clients/http.ts";
import { exportSpans } from "../../clients/otlp.ts";
import { waitFor } from "../../clients/wait.ts";
import { UserError } from "../../errors.ts";
import type { Backends } from "../../sandbox/trace-backends.ts";
import { chats } from "../../traffic/chats.ts";
import { merged, payload } from "../../traffic/otlp.ts";
import { countersIn } from "../smoke/evidence.ts";

/** Chats that are sent. */
export const tracesOfLoad = 100_000;
const perExport = 250;
/** Tempo keeps at most 10,000 traces open, silently drops what exceeds them, and closes one after 15 s without a span. */
const openAtOnce = 9000;
/** Until a trace is closed. */
export const closedAfterSeconds = 25;
const day = 24 * 3600;
const deadlineMinutes = 15;

/**
 * Chats evenly over the last day, as fast as Tempo itself takes them: the collector would keep on disk what it refuses.
 *
 * @throws UserError when it takes less than all of them
 */
export async function load({ tempoOtlpHttp, tempo }: Backends): Promise<void> {
  const now = Date.now();
  for (let first = 0; first < tracesOfLoad; first += perExport) {
    if (Date.now() > now + deadlineMinutes * 60_000) {
      throw new UserError(`Tempo took only ${first} of ${tracesOfLoad} chats in ${deadlineMinutes} minutes.`);
    }
    const batch = Array.from({ length: perExport }, (_, index) => {
      const trace = chats.chat({ seed: `load ${first + index}`, duration: 1 + ((first + index) % 60) });
      const ago = (day * 1000 * (first + index)) / tracesOfLoad + 120_000;
      return payload(trace.id, trace.spans, nanoseconds(now - ago));
    });
    // Tempo refuses what exceeds its rate or its number of live traces, and takes it a moment later.
    const taken = () => exportSpans(tempoOtlpHttp, merged(batch), 30).then(() => true);
    await waitFor("Tempo to take chats", 60, taken, { pauseSeconds: 1 });
    if ((first + perExport) % openAtOnce === 0) await sleep(closedAfterSeconds * 1000);
  }
  await sleep(closedAfterSeconds * 1000);
  checkNothingDropped((await request("Tempo", urlBelow(tempo, "/metrics"))).text);
}

/**
 * Checks Tempo's own metrics. A reason for which nothing was dropped may be listed with 0.
 *
 * @throws UserError with the number of spans by reason
 */
export function checkNothingDropped(metrics: string): void {
  const counters = countersIn(metrics);
  if (!counters) throw new UserError("Tempo's /metrics does not tell whether it dropped spans.");
  const dropped = Object.entries(counters.discarded).filter(([, spans]) => spans > 0);
  if (dropped.length === 0) return;
  const reasons = dropped.map(([reason, spans]) => `${spans} for ${reason}`).join(", ");
  throw new UserError(`Tempo dropped spans, ${reasons}: what follows is measured at a smaller load.`);
}

/** A time in milliseconds since 1970, as OTLP has it. */
export const nanoseconds = (milliseconds: number): bigint => BigInt(Math.round(milliseconds)) * 1_000_000n;

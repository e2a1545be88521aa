import { setTimeout as sleep } from "node:timers/promises";
import { exportTimeoutSeconds } from "../../../assembly/application-env.ts";
import { AnsweredError } from "../../../clients/http.ts";
import { exportSpans, type Payload } from "../../../clients/otlp.ts";
import type { Backends } from "../../../sandbox/trace-backends.ts";
import { chats } from "../../../traffic/chats.ts";
import { batchSeconds, triesAt } from "../../../traffic/exporter.ts";
import { merged, payloadEnding } from "../../../traffic/otlp.ts";
import { ollama } from "../../../traffic/retell.ts";
import type { Trace } from "../../../traffic/span.ts";

/** Where a sender sends to. */
type Door = Pick<Backends, "otlpHttp">;

/** The model of every chat here. */
export const model = ollama("restarted", "1b");

/** A trace, and when Tempo answered 200 to its export, in milliseconds since 1970. */
export interface Acknowledged {
  readonly trace: Trace;
  readonly at: number;
}

/** Something that sends, chats if nothing else, until it is told to stop. */
export interface Sender<T = Acknowledged> {
  readonly acknowledged: T[];
  /** What was not delivered: each try that was not answered by 200, or each trace that was given up. */
  readonly failures: string[];
  /** Resolves when it has sent what it has. */
  stop(): Promise<void>;
}

/**
 * Sends a chat after every pause, once: so it tells when Tempo takes spans, and when not.
 *
 * @param options.make - makes each chat of a seed. @default an answer by LiteLLM's API
 * @param options.secondsAgo - by which the sender's clock is late. @default 0
 */
export function steadySender(
  { otlpHttp }: Door,
  pauseSeconds = 0.1,
  {
    make = chat,
    secondsAgo = 0,
  }: { readonly make?: (seed: string) => Trace; readonly secondsAgo?: number } = {},
): Sender {
  return sender(async (run, stopped) => {
    for (let n = 0; !stopped(); n++) {
      const trace = make(`steady ${n}`);
      const outcome = await tryOnce(otlpHttp, payloadEnding(trace, Date.now() - secondsAgo * 1000));
      if (outcome === "taken") run.acknowledged.push({ trace, at: Date.now() });
      else run.failures.push(outcome);
      await sleep(pauseSeconds * 1000);
    }
  });
}

/** Past a collector, if one is deployed. */
export const tempoItself = ({ tempoOtlpHttp }: Backends): Door => ({ otlpHttp: tempoOtlpHttp });

/**
 * Makes two chats a second, and exports them in batches as the applications' SDK does, with the stack's settings.
 *
 * @param replicas - behind the address: each try reaches the next. @default one, the address itself
 */
export function exporter(
  { otlpHttp }: Door,
  name: string,
  factor: number,
  replicas: readonly string[] = [otlpHttp],
): Sender {
  let tries = 0;
  const next = () => replicas[tries++ % replicas.length]!;
  return sender(async (run, stopped) => {
    let waiting: { trace: Trace; payload: Payload }[] = [];
    const making = sender(async (_, enough) => {
      for (let n = 0; !enough(); n++) {
        const trace = chat(`${name} ${n}`);
        waiting.push({ trace, payload: payloadEnding(trace, Date.now()) });
        await sleep(500);
      }
    });
    for (let last = false; !last;) {
      last = stopped();
      if (last) await making.stop();
      else await sleep(batchSeconds * 1000);
      const batch = waiting;
      waiting = [];
      const failure = await deliver(next, merged(batch.map(({ payload }) => payload)), factor);
      if (failure === undefined) {
        run.acknowledged.push(...batch.map(({ trace }) => ({ trace, at: Date.now() })));
      } else run.failures.push(...batch.map(({ trace }) => `${trace.id}: ${failure}`));
    }
  });
}

/** Tries as often as the SDK does. @returns why it gave up, if it did */
async function deliver(next: () => string, body: Payload, factor: number): Promise<string | undefined> {
  const began = Date.now();
  let outcome = "";
  for (const at of triesAt(exportTimeoutSeconds, factor)) {
    await sleep(Math.max(0, began + at * 1000 - Date.now()));
    outcome = await tryOnce(next(), body);
    if (outcome === "taken") return undefined;
    if (!isRetried(outcome)) break;
  }
  return outcome;
}

/** Answers after which the SDK tries again; it does so as well when nobody answers. */
const isRetried = (outcome: string): boolean => /^(unreachable|429|502|503|504)/.test(outcome);

/** Sends an export once. A 200 that refuses spans is a failure too. */
async function tryOnce(otlpHttp: string, body: Payload): Promise<string> {
  try {
    await exportSpans(otlpHttp, body, 10);
    return "taken";
  } catch (error) {
    return error instanceof AnsweredError
      ? `${error.status} ${error.message}`
      : `unreachable: ${String(error)}`;
  }
}

const chat = (seed: string): Trace => chats.apiChat({ seed: `restart ${seed}`, model });

/** Begins to do a sender's work, which ends once it is stopped. */
export function sender<T = Acknowledged>(
  work: (run: Sender<T>, stopped: () => boolean) => Promise<void>,
): Sender<T> {
  let stopped = false;
  const run: Sender<T> = {
    acknowledged: [],
    failures: [],
    stop: async () => {
      stopped = true;
      await working;
    },
  };
  const working = work(run, () => stopped);
  return run;
}

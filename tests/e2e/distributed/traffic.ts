import { setTimeout as sleep } from "node:timers/promises";
import { AnsweredError } from "../../../clients/http.ts";
import { exportSpans } from "../../../clients/otlp.ts";
import { search, spansOfTrace } from "../../../clients/tempo.ts";
import { chats } from "../../../traffic/chats.ts";
import { payloadEnding } from "../../../traffic/otlp.ts";
import type { Model } from "../../../traffic/retell.ts";
import type { Trace } from "../../../traffic/span.ts";

/** A trace that was sent; moments in milliseconds since 1970. */
export interface Sent {
  readonly trace: Trace;
  readonly sent: number;
  readonly answered: number;
  /** `taken`, or why not. */
  readonly outcome: string;
}

/** A question to a query-frontend. */
export interface Asked {
  readonly at: number;
  readonly answered: number;
  readonly kind: "search" | "by id";
  /** `answered`, `not found`, or what failed. */
  readonly outcome: string;
}

const words = (error: unknown): string =>
  error instanceof AnsweredError ? `${error.status} ${error.message}` : `unreachable: ${String(error)}`;

/** The next in turn; and where that fails the one after it, as a Service and who sends again would have it. */
async function inTurn<T>(
  servers: readonly string[],
  n: number,
  work: (server: string) => Promise<T>,
): Promise<T> {
  const [first, second] = [n, n + 1].map((index) => servers[index % servers.length]!);
  return work(first!).catch(() => work(second!));
}

/** Sends a chat after every pause whatever became of those before. */
export function sendSteadily(doors: readonly string[], model: Model, seed: string, pauseSeconds: number) {
  const sent: Sent[] = [];
  const open = new Set<Promise<void>>();
  let stopped = false;
  const working = (async () => {
    for (let n = 0; !stopped; n++) {
      const trace = chats.apiChat({ seed: `${seed} ${n}`, model });
      const began = Date.now();
      const one = inTurn(doors, n, (door) => exportSpans(door, payloadEnding(trace, began), 15))
        .then(() => "taken", words)
        .then((outcome) => void sent.push({ trace, sent: began, answered: Date.now(), outcome }));
      open.add(one);
      void one.finally(() => open.delete(one));
      await sleep(pauseSeconds * 1000);
    }
    await Promise.all(open);
  })();
  return {
    sent,
    stop: async () => {
      stopped = true;
      await working;
    },
  };
}

/** Asks by id for a trace of 5 s to 60 s ago, and by search, in turn. */
export function askSteadily(frontends: readonly string[], sent: readonly Sent[], pauseSeconds: number) {
  const asked: Asked[] = [];
  const open = new Set<Promise<void>>();
  let stopped = false;
  const working = (async () => {
    for (let n = 0; !stopped; n++) {
      const kind = n % 4 < 2 ? "by id" : "search";
      const at = Date.now();
      const known = sent.filter(
        (s) => s.outcome === "taken" && s.answered < at - 5000 && s.answered > at - 60_000,
      );
      if (kind === "search" || known.length > 0) {
        const chosen = known[(n * 7919) % known.length];
        const ask = (server: string) =>
          kind === "search" ? searchOnce(server, at) : findOnce(server, chosen!.trace);
        const one = inTurn(frontends, n >> 1, ask)
          .catch(words)
          .then((outcome) => void asked.push({ at, answered: Date.now(), kind, outcome }));
        open.add(one);
        void one.finally(() => open.delete(one));
      }
      await sleep(pauseSeconds * 1000);
    }
    await Promise.all(open);
  })();
  return {
    asked,
    stop: async () => {
      stopped = true;
      await working;
    },
  };
}

async function searchOnce(server: string, at: number): Promise<string> {
  const question = { from: at / 1000 - 120, to: at / 1000, variables: {}, timeoutSeconds: 15 };
  await search(server, "{ resource.service.name = `litellm` }", question, { limit: 20, spansPerTrace: 1 });
  return "answered";
}

async function findOnce(server: string, trace: Trace): Promise<string> {
  const spans = await spansOfTrace(server, trace.id, { timeoutSeconds: 15 });
  return spans === trace.spans.length
    ? "answered"
    : spans === 0
      ? "not found"
      : `has ${spans} of ${trace.spans.length} spans`;
}

/** Traces of which not all spans are found, asked again until the deadline. */
export async function missingOf(
  frontends: readonly string[],
  traces: readonly Trace[],
  deadlineSeconds: number,
): Promise<Trace[]> {
  const deadline = Date.now() + deadlineSeconds * 1000;
  let left = [...traces];
  for (;;) {
    const missing: Trace[] = [];
    const queue = [...left];
    await Promise.all(
      Array.from({ length: 2 }, async (_, worker) => {
        for (let trace = queue.pop(); trace; trace = queue.pop()) {
          const outcome = await findOnce(frontends[worker % frontends.length]!, trace).catch(words);
          if (outcome !== "answered") missing.push(trace);
        }
      }),
    );
    left = missing;
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(3000);
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import { AnsweredError } from "../../../clients/http.ts";
import { exportSpans } from "../../../clients/otlp.ts";
import { search, spansOfTrace } from "../../../clients/tempo.ts";
import { chats } from "../../../traffic/chats.ts";
import { searchId } from "../../../traffic/expected.ts";
import { payloadEnding } from "../../../traffic/otlp.ts";
import type { Model } from "../../../traffic/retell.ts";
import type { Trace } from "../../../traffic/span.ts";

/** A request; moments in milliseconds since 1970. */
export interface Tried {
  readonly at: number;
  readonly answered: number;
  /** What became of it at the one that it went to: `taken` or `answered`, `not found`, or what failed. */
  readonly first: string;
  /** What became of it in the end: where that failed, it was sent again to the next one, as a Service and who sends again would have it. */
  readonly outcome: string;
}

/** A trace that was sent. */
export interface Sent extends Tried {
  readonly trace: Trace;
}

/** A question to a query-frontend. */
export interface Asked extends Tried {
  readonly kind: "search" | "by id";
}

const words = (error: unknown): string =>
  error instanceof AnsweredError ? `${error.status} ${error.message}` : `unreachable: ${String(error)}`;

/** Tries the next in turn, and where that fails the one after it. */
async function inTurn(
  servers: readonly string[],
  n: number,
  work: (server: string) => Promise<string>,
): Promise<Tried> {
  const at = Date.now();
  const [one, other] = [n, n + 1].map((index) => servers[index % servers.length]!);
  let failed = false;
  const first = await work(one!).catch((error: unknown) => {
    failed = true;
    return words(error);
  });
  const outcome = failed ? await work(other!).catch(words) : first;
  return { at, answered: Date.now(), first, outcome };
}

/** Sends a chat after every pause whatever became of those before. */
export function sendSteadily(doors: readonly string[], model: Model, seed: string, pauseSeconds: number) {
  const sent: Sent[] = [];
  const open = new Set<Promise<void>>();
  let stopped = false;
  const working = (async () => {
    for (let n = 0; !stopped; n++) {
      const trace = chats.apiChat({ seed: `${seed} ${n}`, model });
      const payload = payloadEnding(trace, Date.now());
      const one = inTurn(doors, n, (door) => exportSpans(door, payload, 15).then(() => "taken")).then(
        (tried) => void sent.push({ trace, ...tried }),
      );
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
        ({ outcome, answered }) => outcome === "taken" && answered < at - 5000 && answered > at - 60_000,
      );
      if (kind === "search" || known.length > 0) {
        const chosen = known[(n * 7919) % known.length];
        const ask = (server: string) =>
          kind === "search" ? searchOnce(server, at) : findOnce(server, chosen!.trace);
        const one = inTurn(frontends, n, ask).then((tried) => void asked.push({ kind, ...tried }));
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

/**
 * Traces that are not found, asked for until the deadline: all at once by what only they have, and each of the rest by its id, with all its
 * spans.
 */
export async function missingOf(
  frontends: readonly string[],
  query: string,
  traces: readonly Trace[],
  deadlineSeconds: number,
): Promise<Trace[]> {
  const deadline = Date.now() + deadlineSeconds * 1000;
  const found = new Set<string>();
  for (;;) {
    const now = Date.now() / 1000;
    const lately = { from: now - 3600, to: now, variables: {}, timeoutSeconds: 60 };
    const all = await search(frontends[0]!, query, lately, { limit: 5000, spansPerTrace: 1 }).catch(() => []);
    for (const { traceID } of all) found.add(searchId(traceID));
    for (const trace of traces.filter(({ id }) => !found.has(searchId(id)))) {
      if (Date.now() > deadline) break;
      const outcome = await findOnce(frontends.at(-1)!, trace).catch(words);
      if (outcome === "answered") found.add(searchId(trace.id));
    }
    const missing = traces.filter(({ id }) => !found.has(searchId(id)));
    if (missing.length === 0 || Date.now() > deadline) return missing;
    await sleep(3000);
  }
}

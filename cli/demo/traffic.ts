import type { Settings } from "../../settings.ts";
import { litellmV1 } from "../../tests/fixtures/litellm-v1.ts";
import { ollama, openai, type PlatformOptions } from "../../tests/fixtures/platform.ts";
import type { Visit } from "../../tests/fixtures/replay.ts";
import type { Trace } from "../../tests/fixtures/span.ts";
import * as traces from "../../tests/fixtures/traces.ts";

/** Seconds of traffic. */
export const trafficSeconds = 180;

const users = ["user-1", "user-2", "user-3", "user-4"];
const llama = ollama("llama3.1", "8b");
const qwen = ollama("qwen2.5-coder", "14b");
const gpt = openai("gpt-4o-mini");

/** The n-th visit of a kind; what differs between visits follows from n. */
type Kind = (options: PlatformOptions, n: number) => Trace;

/** Slow ones: the first takes longest, so that all end at about the same time. */
const slow: Kind = (options, n) =>
  traces.slowChat({ ...options, model: n % 2 ? llama : qwen, duration: 64 - 6 * n });

/** A busy day's mix: how often each kind of visit comes, and what it is. */
const mix: readonly (readonly [times: number, kind: Kind])[] = [
  [26, (options, n) => traces.chat({ ...options, model: llama, ...answer(n, 2.2, 25) })],
  [14, (options, n) => traces.chat({ ...options, model: qwen, ...answer(n, 4.1, 18) })],
  [12, (options, n) => traces.openaiChat({ ...options, model: gpt, cost: 0.001 + 0.0004 * n })],
  [6, slow],
  [7, (options) => traces.chatWithTitle({ ...options, model: llama })],
  [4, (options) => traces.oldConventionsChat({ ...options, model: llama })],
  [4, (options) => litellmV1({ ...options, model: llama })],
  [4, (options) => traces.ollamaUnreachable({ ...options, model: qwen })],
  [3, (options) => traces.brokenStream({ ...options, model: llama })],
  [3, (options) => traces.invalidKey(options)],
  [3, (options) => traces.budgetExceeded(options)],
];

/**
 * A few minutes of chats, of every kind there is. The kinds are spread over the time; the slow chats begin in its
 * first half, so that nobody waits for them at its end.
 *
 * @param run - Tells this run's traces from those of another.
 */
export function traffic(run: string, { applications, environment }: Settings): Visit[] {
  const { openWebui, litellm } = applications.services;
  return mix
    .flatMap(([times, kind], row) =>
      Array.from({ length: times }, (_, n): Visit => {
        const seed = `${run} ${row} ${n}`;
        const options = { seed, openWebui, litellm, environment, user: users[(n + row) % users.length] };
        const span = kind === slow ? trafficSeconds / 2 : trafficSeconds;
        return {
          trace: kind({ ...options, chat: `chat-${row}-${n}` }, n),
          at: ((n + 0.3) / times) * span + 0.37 * row,
        };
      }),
    )
    .sort((a, b) => a.at - b.at);
}

/** An answer as long as a model of that speed makes it: now and then a long one. */
function answer(n: number, shortest: number, tokensPerSecond: number) {
  const duration = shortest + ((n * 7) % 11) * 0.6;
  const timeToFirstChunk = 0.3 + ((n * 5) % 7) * 0.12;
  return {
    duration,
    timeToFirstChunk,
    inputTokens: 120 + ((n * 37) % 900),
    outputTokens: Math.round((duration - timeToFirstChunk) * tokensPerSecond),
  };
}

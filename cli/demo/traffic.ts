import type { Settings } from "../../settings.ts";
import { chats, chatWithDatabase, slowChat } from "../../traffic/chats.ts";
import type { ScheduledTrace } from "../../traffic/replay.ts";
import { ollama, type Retelling } from "../../traffic/retell.ts";
import type { Trace } from "../../traffic/span.ts";

/** Seconds of traffic. */
export const trafficSeconds = 180;

const users = ["user-1", "user-2", "user-3", "user-4"];
const llama = ollama("llama3.1", "8b");
const qwen = ollama("qwen2.5-coder", "14b");

/** The n-th visit of a kind; what differs between visits follows from n. */
type Kind = (options: Retelling, n: number) => Trace;

/** Slow ones: the first takes longest, so that all end at about the same time. */
const slow: Kind = (options, n) =>
  slowChat({ ...options, model: n % 2 ? llama : qwen, duration: 64 - 6 * n });

/** A bad day's mix: how often each kind of visit comes, and what it is. */
const mix: readonly (readonly [times: number, kind: Kind])[] = [
  [18, (options, n) => chats.browserChat({ ...options, model: llama, ...answer(n, 2.2, 25) })],
  [12, (options, n) => chats.chat({ ...options, model: qwen, ...answer(n, 4.1, 18) })],
  [10, (options, n) => chats.openaiChat({ ...options, duration: 2.4, cost: 0.001 + 0.0004 * n })],
  [6, slow],
  [6, (options) => chats.chatWithTitle({ ...options, model: llama, duration: 3 })],
  [6, (options, n) => chatWithDatabase({ ...options, model: llama, ...answer(n, 2.2, 25) })],
  [3, (options) => chats.messages({ ...options, model: llama })],
  [8, (options) => chats.embeddings({ ...options })],
  [8, (options) => chats.unreachable({ ...options, model: qwen })],
  [4, (options) => chats.timedOut({ ...options, model: qwen })],
  [5, (options) => chats.brokenOff({ ...options, model: llama })],
  [4, (options) => chats.busy({ ...options, model: qwen })],
  [3, (options) => chats.noKey(options)],
  [2, (options) => chats.limited({ ...options, model: llama })],
  [4, (options) => chats.pageView(options)],
];

/**
 * A few minutes of chats, of every kind there is. The kinds are spread over the time; the slow chats begin in its
 * first half, so that nobody waits for them at its end.
 *
 * @param run - Tells this run's traces from those of another.
 */
export function traffic(run: string, { applications, environment }: Settings): ScheduledTrace[] {
  const { openWebui, litellm } = applications.services;
  return mix
    .flatMap(([times, kind], row) =>
      Array.from({ length: times }, (_, n): ScheduledTrace => {
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
  // Some models had to be loaded first.
  const timeToFirstChunk = duration > 4 && n % 5 === 0 ? 2.6 : 0.3 + ((n * 5) % 7) * 0.12;
  return {
    duration,
    timeToFirstChunk,
    inputTokens: 120 + ((n * 37) % 900),
    outputTokens: Math.round((duration - timeToFirstChunk) * tokensPerSecond),
  };
}

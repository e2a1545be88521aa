import { attributes } from "../../../telemetry/attributes.ts";
import { chats, chatWithDatabase, slowChat } from "../../../traffic/chats.ts";
import { plan } from "../../../traffic/replay.ts";
import type { ScheduledTrace } from "../../../traffic/replay.ts";
import { ollama } from "../../../traffic/retell.ts";
import { isRefused, type Trace } from "../../../traffic/span.ts";

/** The trace whose id the guide asks for. */
export const documentedTraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

interface Scenario {
  readonly count: number;
  /** The trace of that number, counted from 0; a duration given here goes before the scenario's own. */
  readonly build: (
    identity: { seed: string; leadingZeros: number },
    index: number,
    duration?: number,
  ) => Trace;
}

const qwen = { ...ollama("qwen2.5-coder", "14b"), name: "qwen2.5-coder:14b" };
const smallLlama = { ...ollama("llama3.2", "3b"), name: "llama3.2:3b" };

const llama = ollama("llama3.1", "8b");

/**
 * Every kind of visit; together more than 50 traces over 5 s, and model, user and chat names that the guide asks for.
 * Those without a duration take as long as they were recorded to.
 */
const scenarios: Record<string, Scenario> = {
  slowChat: {
    count: 6,
    build: (identity, index, duration = [32, 38, 42, 46, 48, 50][index]!) =>
      slowChat({ ...identity, duration, timeToFirstChunk: duration / 12 }),
  },
  chat: {
    count: 30,
    build: (identity, index, duration = 5.2 + 0.3 * index) =>
      chats.chat({
        ...identity,
        duration,
        user: `user-${1 + (index % 2)}`,
        timeToFirstChunk: 0.3 + 0.02 * index,
        inputTokens: 100 + index,
        outputTokens: 150 + 3 * index,
      }),
  },
  coder: {
    count: 6,
    build: (identity, index, duration = 11 + index / 2) =>
      chats.browserChat({
        ...identity,
        duration,
        model: qwen,
        user: "admin",
        chat: index ? "chat-0002" : "abc123",
      }),
  },
  quick: {
    count: 8,
    build: (identity, index, duration = 1.1 + index / 10) =>
      chats.apiStream({
        ...identity,
        duration,
        model: smallLlama,
        timeToFirstChunk: 0.2,
        outputTokens: 20 + index,
      }),
  },
  openai: {
    count: 8,
    build: (identity, index, duration = 2.4) =>
      chats.openaiChat({ ...identity, duration, cost: 0.0021 + index / 1000, user: "user-3" }),
  },
  // Over 5 s as a trace, though no request of it takes so long.
  titled: {
    count: 4,
    build: (identity, _index, duration = 4.6) => chats.chatWithTitle({ ...identity, duration }),
  },
  database: {
    count: 6,
    build: (identity, _index, duration = 6.2) => chatWithDatabase({ ...identity, duration }),
  },
  documented: {
    count: 1,
    build: ({ seed }, _index, duration = 7) => ({
      ...chats.chat({ seed, duration }),
      id: documentedTraceId,
    }),
  },
  apiChat: { count: 2, build: (identity) => chats.apiChat({ ...identity, model: llama }) },
  completion: { count: 1, build: (identity) => chats.completion(identity) },
  messages: { count: 2, build: (identity) => chats.messages(identity) },
  firstMessages: { count: 1, build: (identity) => chats.firstMessages(identity) },
  responses: { count: 2, build: (identity) => chats.responses(identity) },
  toolCall: { count: 1, build: (identity) => chats.toolCall(identity) },
  embeddings: { count: 5, build: (identity) => chats.embeddings(identity) },
  passThrough: { count: 3, build: (identity) => chats.passThrough(identity) },
  unhandled: { count: 2, build: (identity) => chats.unhandled(identity) },
  unreachable: { count: 5, build: (identity) => chats.unreachable({ ...identity, model: llama }) },
  failed: { count: 2, build: (identity) => chats.failed({ ...identity, model: llama }) },
  brokenOff: { count: 4, build: (identity) => chats.brokenOff({ ...identity, model: llama }) },
  timedOut: {
    count: 3,
    build: (identity, _index, duration = 30) => chats.timedOut({ ...identity, duration, model: qwen }),
  },
  busy: { count: 2, build: (identity) => chats.busy({ ...identity, model: qwen }) },
  retried: { count: 1, build: (identity) => chats.retried(identity) },
  fellBack: { count: 1, build: (identity) => chats.fellBack(identity) },
  noKey: { count: 2, build: (identity) => chats.noKey(identity) },
  unknownModel: { count: 2, build: (identity) => chats.unknownModel(identity) },
  limited: { count: 3, build: (identity) => chats.limited(identity) },
  pageView: { count: 4, build: (identity) => chats.pageView(identity) },
  idle: { count: 20, build: (identity) => chats.idle(identity) },
};

/** One short trace with each set of labels that the traffic has. Only what comes after it is counted. */
export const warmUp: readonly ScheduledTrace[] = Object.entries(scenarios)
  .filter(([name]) => name !== "documented")
  .map(([name, { build }], index) => ({
    trace: build({ seed: `warm ${name}`, leadingZeros: 0 }, 0, 1),
    at: index * 0.1,
  }));

/** Whether it is an idle look into the database, which the collector drops. */
export const isIdle = ({ spans }: Trace): boolean => spans.every(({ name }) => name === "connect");

/**
 * A trace as the collector hands it on: the path behind a provider's prefix is the caller's own, and so is the model of a request
 * that is refused.
 */
export const asKept = (trace: Trace): Trace => ({
  ...trace,
  spans: trace.spans.map((span) => ({
    ...span,
    name: span.name.replace(/ \/openai\/.*/, " /openai/{endpoint}"),
    attributes: Object.fromEntries(
      Object.entries(span.attributes)
        .filter(
          ([name]) => !(name === attributes.requestModel.name && span.kind === "server" && isRefused(span)),
        )
        .map(([name, value]) => [
          name,
          name === attributes.httpRoute.name
            ? String(value).replace(/^\/openai\/.*/, "/openai/{endpoint}")
            : value,
        ]),
    ),
  })),
});

/** As much faster as waiting allows: the longest answer lasts 50 s and is sent within 25 s. */
export const compress = 1000;

/** What is counted: traces of all scenarios mixed, their starts at least a quarter of a second apart. */
export const traffic: readonly ScheduledTrace[] = visits(mixed());

interface Placed {
  readonly trace: Trace;
  /** Seconds from the start of the first trace. */
  readonly start: number;
}

/** The slow ones begin first, since they are sent last. */
function mixed(): Placed[] {
  const all = Object.entries(scenarios).flatMap(([name, { count, build }]) =>
    Array.from({ length: count }, (_, index) => ({
      slow: name === "slowChat",
      share: index / count,
      trace: build({ seed: `${name} ${index}`, leadingZeros: index % 5 === 1 ? 1 + (index % 2) : 0 }, index),
    })),
  );
  return all
    .sort((a, b) => Number(b.slow) - Number(a.slow) || a.share - b.share)
    .map(({ trace, slow }, index) => ({ trace, start: index / 4 + (slow ? 0 : 18) }));
}

/** The replay sends a trace some time after its start: visits that make the traces start where they are placed. */
function visits(placed: readonly Placed[]): ScheduledTrace[] {
  const due = placed.map(({ trace, start }) => {
    const [sent] = plan([{ trace, at: 0 }], { startAt: 0, compress }).sent;
    return start - Number(sent!.startedAt) / 1e9;
  });
  const first = Math.min(...due);
  return placed.map(({ trace }, index) => ({ trace, at: (due[index]! - first) * compress }));
}

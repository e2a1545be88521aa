import { litellmDatabase } from "./database.ts";
import { recording, type Recorded, type RecordedSpan } from "./recorded.ts";
import { ollama, retell, type Retelling } from "./retell.ts";
import type { Trace } from "./span.ts";

/** What people and programs do with the platform: each a recorded trace of the real applications. */
const recorded = {
  /** A chat by Open WebUI's API, streamed. */
  chat: ["openWebui", "chat-stream"],
  /** A chat in the browser: Open WebUI answers at once, and sends the answer after it. */
  browserChat: ["openWebui", "chat-browser"],
  /** The same with another provider's model, which costs money. */
  openaiChat: ["openWebui", "chat-openai-model"],
  /** A chat after which Open WebUI has the model name it and tag it: further calls in the same trace. */
  chatWithTitle: ["openWebui", "chat-with-title-tags"],
  /** The model's host cannot be reached. */
  unreachable: ["openWebui", "chat-dead"],
  /** The model fails. */
  failed: ["openWebui", "chat-boom"],
  /** The answer breaks off in the middle. */
  brokenOff: ["openWebui", "chat-broken"],
  /** The model is too slow for LiteLLM's patience. */
  timedOut: ["openWebui", "chat-timeout"],
  /** The model's host refuses, having too much to do. */
  busy: ["openWebui", "chat-busy"],
  /** Open WebUI's poll of its database. */
  idle: ["openWebui", "idle"],
  /** A page of Open WebUI's. */
  pageView: ["openWebui", "page-view"],
  /** A program asks LiteLLM itself. */
  apiChat: ["litellm", "ok"],
  apiStream: ["litellm", "stream"],
  completion: ["litellm", "completions"],
  messages: ["litellm", "messages"],
  /** The first of that route after a start. */
  firstMessages: ["litellm", "messages-first-after-start"],
  responses: ["litellm", "responses"],
  toolCall: ["litellm", "tool-call"],
  embeddings: ["litellm", "embeddings"],
  /** Handed on to a provider as it is. */
  passThrough: ["litellm", "pass-through"],
  noKey: ["litellm", "no-key-401"],
  unknownModel: ["litellm", "unknown-model-400"],
  limited: ["litellm", "rate-limit-429"],
  /** An exception that LiteLLM does not handle, in a path that it hands on. */
  unhandled: ["litellm", "unhandled"],
  /** LiteLLM has another model answer. */
  fellBack: ["litellm", "fallback"],
  retried: ["litellm", "retries"],
} as const satisfies Record<string, readonly [Recorded, string]>;

/** A kind of visit. */
export type ChatName = keyof typeof recorded;

const parsed = new Map<string, readonly RecordedSpan[]>();

/** The first trace of a recording: of a visit that made several, the one in which LiteLLM was asked. */
function recordedTrace([application, name]: readonly [Recorded, string]): readonly RecordedSpan[] {
  const key = `${application} ${name}`;
  const known = parsed.get(key);
  if (known) return known;
  const traces = [...Map.groupBy(recording(application, name).spans, ({ traceId }) => traceId).values()];
  const isLitellms = ({ resource }: RecordedSpan) => resource["service.name"]?.value === "litellm";
  const trace = traces.find((spans) => spans.some(isLitellms)) ?? traces[0]!;
  parsed.set(key, trace);
  return trace;
}

/** Each kind of visit, told again as asked. */
export const chats = Object.fromEntries(
  Object.entries(recorded).map(([name, from]) => [
    name,
    (options: Retelling) => retell(recordedTrace(from), options),
  ]),
) as Record<ChatName, (options: Retelling) => Trace>;

/** A chat with a local model that is slow. */
export const slowChat = (options: Retelling): Trace =>
  chats.browserChat({ duration: 60, timeToFirstChunk: 4, outputTokens: 1400, ...options });

/** A program's question to a LiteLLM with a database: what that writes is known from its source alone. */
export const chatWithDatabase = (options: Retelling): Trace =>
  litellmDatabase(chats.apiStream({ ...options, model: options.model ?? ollama("llama3.1", "8b") }));

/** One trace of each kind, by name. */
export const referenceTraces = { ...chats, slowChat, chatWithDatabase };

import { setTimeout as sleep } from "node:timers/promises";
import type { Ask, Client } from "./client.ts";
import { deadPassThroughPath, masterKey, passThroughPath } from "./litellm.ts";
import { answering } from "./models.ts";

/** Something that people or programs do with the platform. */
export interface Case {
  readonly name: string;
  readonly run: (client: Client) => Promise<unknown>;
}

const messages = [{ role: "user", content: "Say something." }];

const key = (value = masterKey) => ({ authorization: `Bearer ${value}` });

/** A request of LiteLLM's API with its key. */
const litellm = (
  name: string,
  path: string,
  body: object | undefined,
  { headers, ...rest }: Omit<Ask, "body"> = {},
): Case => ({
  name,
  run: (client) => client.ask("litellm", path, { body, headers: { ...key(), ...headers }, ...rest }),
});

const chat = (name: string, model: string, more: object = {}, rest: Omit<Ask, "body"> = {}): Case =>
  litellm(name, "/v1/chat/completions", { model, messages, ...more }, rest);

const streamed = { stream: true };

/** LiteLLM counts by the minutes of the clock: a case that the next one depends on does not begin at the end of one. */
function inOneMinute({ name, run }: Case): Case {
  return {
    name,
    run: async (client) => {
      const second = (Date.now() / 1000) % 60;
      if (second > 45) await sleep((61 - second) * 1000);
      return run(client);
    },
  };
}

const weather = {
  type: "function",
  function: {
    name: "weather",
    description: "Tells the weather",
    parameters: { type: "object", properties: {} },
  },
};

/** Requests of LiteLLM's own API, as programs make them. The first is the first `/v1/messages` after a start. */
export const litellmCases: readonly Case[] = [
  litellm("messages-first-after-start", "/v1/messages", { model: answering, max_tokens: 50, messages }),
  chat("ok", answering),
  chat("stream", answering, streamed),
  chat("openai-ok", "gpt-4o-mini"),
  chat("openai-stream", "gpt-4o-mini", streamed),
  chat(
    "ok-with-user-headers",
    answering,
    {},
    {
      headers: { "x-openwebui-user-id": "a-user", "x-openwebui-chat-id": "a-chat" },
    },
  ),
  chat("slow-answer", "large", streamed),
  chat("session-header", answering, streamed, { headers: { "x-litellm-session-id": "a-chat" } }),
  chat("body-user", answering, { user: "an-end-user" }),
  chat("tool-call", "caller", { tools: [weather] }),
  chat("client-leaves", answering, streamed, { leave: true }),
  litellm("completions", "/v1/completions", { model: answering, prompt: "Say" }),
  litellm("messages", "/v1/messages", { model: answering, max_tokens: 50, messages }),
  litellm("messages-stream", "/v1/messages", { model: answering, max_tokens: 50, messages, ...streamed }),
  litellm("responses", "/v1/responses", { model: answering, input: "Say something." }),
  litellm("responses-stream", "/v1/responses", { model: answering, input: "Say something.", ...streamed }),
  litellm("embeddings", "/v1/embeddings", { model: "nomic-embed-text", input: ["a text"] }),
  litellm("engines-route", `/engines/${answering}/chat/completions`, { model: answering, messages }),
  litellm("deployments-route", `/openai/deployments/${answering}/chat/completions`, { messages }),
  litellm("pass-through", passThroughPath, { model: "gpt-4o-mini", messages }),
  litellm("pass-through-refused", deadPassThroughPath, { model: "x", messages }),
  // LiteLLM has no key for OpenAI itself: an exception that it does not handle.
  litellm("unhandled", "/openai/v1/chat/completions", { model: "gpt-4o-mini", messages }),
  litellm("models", "/v1/models", undefined, { method: "GET" }),
  litellm("not-found", "/v1/nothing-here", {}),
  chat("no-key-401", answering, {}, { headers: { authorization: "" } }),
  chat("wrong-key", answering, {}, { headers: key("sk-wrong") }),
  chat("unknown-model-400", "nope"),
  litellm("bad-body-400", "/v1/chat/completions", { model: answering }),
  // The first request of a minute is answered.
  inOneMinute(chat("rate-limit-ok", "limited")),
  chat("rate-limit-429", "limited"),
  chat("upstream-500", "boom"),
  chat("upstream-500-stream", "boom", streamed),
  chat("upstream-401", "locked"),
  chat("upstream-404", "absent"),
  chat("upstream-429", "busy"),
  chat("upstream-refused", "dead"),
  chat("upstream-refused-stream", "dead", streamed),
  chat("upstream-breaks-off", "broken", streamed),
  chat("timeout", "slow"),
  chat("timeout-stream", "slow", streamed),
  chat("retries", "boom", { num_retries: 2 }),
  chat("fallback", "boom-replaced"),
];

/** The same of LiteLLM's tracing v1. */
export const litellmV1Cases: readonly Case[] = litellmCases
  .filter(({ name }) =>
    ["ok", "stream", "no-key-401", "upstream-500", "upstream-breaks-off", "embeddings"].includes(name),
  )
  .map(({ name, run }) => ({
    name: `v1-${name}`,
    run: (client) => run({ ask: (_door, path, ask) => client.ask("litellmV1", path, ask) }),
  }));

import { randomUUID } from "node:crypto";
import { UserError } from "../../errors.ts";
import type { Case } from "./cases.ts";
import type { Client } from "./client.ts";
import { masterKey } from "./litellm.ts";
import { answering } from "./models.ts";
import type { Platform } from "./platform.ts";

/** Whoever uses Open WebUI here. */
export const person = { name: "Ada", email: "ada@example.org", password: "of-the-platform-under-test" };

/**
 * Signs the first user up, gives the connection to LiteLLM the header that docs/guide.md asks for, and loads the models,
 * as a page does.
 *
 * @returns the user's token
 * @throws UserError when Open WebUI refuses one of it
 */
export async function prepareOpenWebui(
  client: Client,
  { litellm }: Pick<Platform, "litellm">,
  who = person,
): Promise<string> {
  const ask = async (path: string, token: string, body?: object): Promise<string> => {
    const { status, text } = await client.ask("openWebui", path, {
      method: body ? "POST" : "GET",
      body,
      headers: { authorization: `Bearer ${token}` },
    });
    if (status !== 200)
      throw new UserError(`Open WebUI answered ${status} to ${path}: ${text.slice(0, 300)}`);
    return text;
  };
  const { token } = JSON.parse(await ask("/api/v1/auths/signup", "", who)) as { token: string };
  await ask("/openai/config/update", token, {
    ENABLE_OPENAI_API: true,
    OPENAI_API_BASE_URLS: [`${litellm}/v1`],
    OPENAI_API_KEYS: [masterKey],
    OPENAI_API_CONFIGS: { 0: { headers: { "x-litellm-session-id": "{{CHAT_ID}}" } } },
  });
  await ask("/api/models", token);
  return token;
}

/** Chats in Open WebUI, as its page and its API make them. */
export const openWebuiCases = (token: string): readonly Case[] => {
  const headers = { authorization: `Bearer ${token}` };
  const path = "/api/chat/completions";
  const inBrowser = (name: string, model: string, more: object = {}): Case => ({
    name,
    run: (client) =>
      client.ask("openWebui", path, { headers, body: { ...browsersChat(model, messages), ...more } }),
  });
  const byApi = (name: string, model: string, stream: boolean): Case => ({
    name,
    run: (client) => client.ask("openWebui", path, { headers, body: { model, messages, stream } }),
  });
  return [
    inBrowser("chat-browser", answering),
    inBrowser("chat-with-title-tags", answering, {
      background_tasks: { title_generation: true, tags_generation: true },
    }),
    inBrowser("chat-openai-model", "gpt-4o-mini"),
    byApi("chat-stream", answering, true),
    byApi("chat-nonstream", answering, false),
    inBrowser("chat-boom", "boom"),
    inBrowser("chat-dead", "dead"),
    inBrowser("chat-broken", "broken"),
    inBrowser("chat-busy", "busy"),
    inBrowser("chat-timeout", "slow"),
    byApi("chat-unknown-model", "nope", true),
    { name: "page-view", run: (client) => client.ask("openWebui", "/", { method: "GET", headers }) },
  ];
};

const messages = [{ role: "user", content: "Say something." }];

/** A new chat, which Open WebUI answers at once: the model's answer goes to the page later. */
export const browsersChat = (
  model: string,
  messages: readonly { readonly role: string; readonly content: string }[],
  backgroundTasks: Readonly<Record<string, boolean>> = {},
): object => ({
  model,
  messages,
  stream: true,
  parent_id: null,
  session_id: randomUUID(),
  user_message: {
    id: randomUUID(),
    role: "user",
    content: messages.at(-1)!.content,
    parentId: null,
    childrenIds: [],
    models: [model],
  },
  message_ids: [{ model_id: model, message_id: randomUUID() }],
  background_tasks: backgroundTasks,
});

import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApplicationEnv } from "../../../assembly/application-env.ts";
import { clientFor, type Client } from "../../../traffic/live/client.ts";
import { masterKey, passThroughPath } from "../../../traffic/live/litellm.ts";
import { confidence } from "../../../traffic/live/models.ts";
import { browsersChat, prepareOpenWebui } from "../../../traffic/live/open-webui.ts";
import type { Platform } from "../../../traffic/live/platform.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** What nobody may find. Each has a part that nothing else has, and that no compression takes apart: {@link needleOf}. */
export const canaries = {
  prompt: "canary-prompt-4ae35dbb4261",
  system: "canary-system-54b53072540e",
  answer: confidence,
  tool: "canary-tool-39ab32c5aeb5",
  stop: "canary-stop-ef399b2d446b",
  metadata: "canary-metadata-9f81f3c07476",
  header: "canary-header-099fb995346f",
  user: "canary-user-ee11cbb19052",
  endUser: "canary-end-user-f2fe86401104",
  email: "canary-mail-0c83f57c786a@example.org",
  name: "canary-name-b068931cc450",
  key: masterKey,
  wrongKey: "sk-canary-wrong-key-45fd029d5ad0",
  wrongKeyHash: sha256("sk-canary-wrong-key-45fd029d5ad0"),
  path: "canary-path-d6fe1d0be634",
  model: "canary-model-20f35e630daf",
} as const;

/** The part of a canary that is looked for. LiteLLM's key has none of its own: compressed, it may not be seen. */
export const needleOf = (canary: string): string => /[0-9a-f]{12}/.exec(canary)?.[0] ?? canary;

/** Never to be recorded, in any mode: no application sends it. */
export const password = "canary-password-5f4dcc3b5aa7";

const everyHeader = {
  OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST: ".*",
  OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE: ".*",
  OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST: ".*",
  OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE: ".*",
};

/** Every capture of content that the applications have, switched on. */
export const captures: ApplicationEnv = {
  openWebui: {
    ...everyHeader,
    ENABLE_OTEL_LOGS: "true",
    GLOBAL_LOG_LEVEL: "DEBUG",
    AUDIT_LOG_LEVEL: "REQUEST_RESPONSE",
    ENABLE_AUDIT_STDOUT: "true",
    ENABLE_AUDIT_GET_REQUESTS: "true",
  },
  litellm: {
    ...everyHeader,
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "span_and_event",
    LITELLM_OTEL_INTEGRATION_ENABLE_EVENTS: "true",
    LITELLM_OTEL_BAGGAGE_METADATA_KEYS:
      "user_api_key_user_id,user_api_key_alias,user_api_key_end_user_id,user_api_key_user_email,requester_metadata.note",
  },
};

const messages = [
  { role: "system", content: canaries.system },
  { role: "user", content: canaries.prompt },
];

/** What a browser asks for besides. */
const background = { title_generation: true, tags_generation: true };

const tools = [
  {
    type: "function",
    function: { name: "weather", description: canaries.tool, parameters: { type: "object", properties: {} } },
  },
];

/**
 * Says every canary to every door, in requests that are answered, that fail with a provider's words which quote them, and that
 * are refused.
 *
 * @returns the id of the user in Open WebUI, a canary too
 */
export async function sayAll(platform: Platform): Promise<string> {
  const client = clientFor(platform, "privacy", []);
  for (const door of ["litellm", "litellmV1"] as const) await askLitellm(client, door);
  return askOpenWebui(client, platform);
}

async function askLitellm(client: Client, door: "litellm" | "litellmV1"): Promise<void> {
  const headers = {
    authorization: `Bearer ${masterKey}`,
    "x-secret": canaries.header,
    "x-openwebui-user-id": canaries.user,
    "x-openwebui-user-email": canaries.email,
  };
  const post = (path: string, body: object, other: Record<string, string> = {}) =>
    client.ask(door, path, { body, headers: { ...headers, ...other } });
  const chat = "/v1/chat/completions";
  const { prompt, system, model, endUser, metadata, stop, path, wrongKey } = canaries;
  for (const asked of ["confiding", "quoting", "quoting-400"]) {
    for (const stream of [false, true]) {
      const more = { user: endUser, stop: [stop], metadata: { note: metadata }, tools };
      await post(chat, { model: asked, messages, stream, ...more });
    }
  }
  await post(chat, { model: "caller", messages, tools });
  await post("/v1/messages", { model: "confiding", max_tokens: 5, messages: messages.slice(1) });
  await post("/v1/responses", { model: "confiding", input: prompt, instructions: system });
  await post("/v1/completions", { model: "confiding", prompt });
  await post("/v1/embeddings", { model: "nomic-embed-text", input: [prompt] });
  await post("/v1/embeddings", { model, input: [prompt] });
  await post("/v1/embeddings", { model, input: [prompt] }, { authorization: `Bearer ${wrongKey}` });
  await post(passThroughPath, { model: "gpt-4o-mini", messages });
  await post(`/openai/v1/${path}/chat`, { model: "gpt-4o-mini", messages });
  await post(`/mcp/${path}`, { jsonrpc: "2.0", id: 1, method: "tools/list" });
  await post(`/v1/${path}?q=${prompt}`, { messages });
  await client.ask(door, `/v1/responses/${path}`, { method: "GET", headers });
  await post(chat, { model, messages }, { authorization: `Bearer ${wrongKey}` });
  await post(chat, { model, messages }, { authorization: "" });
  await post(chat, { model, messages });
  await post(chat, { model: "confiding", messages: prompt });
}

async function askOpenWebui(client: Client, platform: Platform): Promise<string> {
  const { prompt, email, name, path, header } = canaries;
  const token = await prepareOpenWebui(client, platform, { name, email, password });
  const headers = { authorization: `Bearer ${token}`, "x-secret": header };
  const post = (route: string, body: object) => client.ask("openWebui", route, { body, headers });
  const get = (route: string) => client.ask("openWebui", route, { method: "GET", headers });
  for (const model of ["confiding", "quoting", "nope"]) {
    await post("/api/chat/completions", { model, messages, stream: true });
    await post("/api/chat/completions", { model, messages, stream: false });
    await post("/api/chat/completions", browsersChat(model, messages, background));
    await sleep(3000);
  }
  await post("/api/v1/auths/signin", { email, password: `${password}-wrong` });
  const { id } = JSON.parse((await post("/api/v1/auths/signin", { email, password })).text) as { id: string };
  await get(`/api/v1/users/${id}`);
  await get(`/api/v1/chats/search?text=${prompt}`);
  await get(`/api/v1/files/${path}/content/${path}.txt`);
  await get(`/${path}`);
  await post("/api/v1/chats/new", { chat: { title: prompt, messages } });
  await post("/api/v1/memories/add", { content: prompt });
  await post("/api/embeddings", { model: "nomic-embed-text", input: [prompt] });
  return id;
}

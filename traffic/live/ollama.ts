import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { secondsOf, type Behaviour } from "./behaviour.ts";
import { ollamaWords, openaiWords, type Request, type Words } from "./words.ts";

/** A request that the stand-in was asked, and what it did. */
export interface Served {
  readonly path: string;
  readonly model: string;
  readonly streamed: boolean;
  readonly outcome: "answered" | "failed" | "broke-off" | "left";
  /** Of the answer, as far as it went. */
  readonly outputTokens: number;
}

/** Where the stand-in is, and what it was asked so far. */
export interface StandIn {
  /** Such as `http://127.0.0.1:11434`; below `/v1` it speaks OpenAI's API. */
  readonly url: string;
  readonly served: readonly Served[];
  close(): Promise<void>;
}

/**
 * Stands in for Ollama, the one part of the platform that cannot run without a model: its API for chats, completions,
 * embeddings and models, streamed or whole, and OpenAI's for chats. Models answer, or fail, as they are told to.
 *
 * @param models by Ollama's name of the model, such as `llama3.1:8b`; a name that is not here was never pulled
 */
export async function startOllama(models: Readonly<Record<string, Behaviour>>): Promise<StandIn> {
  const served: Served[] = [];
  const server = createServer((request, response) => {
    handle(request, response, models, served).catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    served,
    close: () => close(server),
  };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  models: Readonly<Record<string, Behaviour>>,
  served: Served[],
): Promise<void> {
  const path = new URL(incoming.url ?? "/", "http://stand-in").pathname;
  const body = await bodyOf(incoming);
  const name = (body["model"] ?? body["name"] ?? "") as string;
  const fixed = fixedAnswer(path, models);
  if (fixed !== undefined) return reply(response, 200, fixed);
  const behaviour = models[name] ?? models[`${name}:latest`];
  const words = path.startsWith("/v1/") ? openaiWords : ollamaWords;
  if (behaviour === undefined) {
    served.push({ path, model: name, streamed: false, outcome: "failed", outputTokens: 0 });
    return reply(response, 404, words.error(`model '${name}' not found`));
  }
  if (path === "/api/show") return reply(response, 200, { details: { family: "llama" }, model_info: {} });
  if (/\/embed(dings)?$/.test(path)) {
    await sleep(1000 * behaviour.firstTokenSeconds);
    const failed = behaviour.fault?.kind === "status" ? behaviour.fault : undefined;
    const outcome = failed ? "failed" : "answered";
    served.push({ path, model: name, streamed: false, outcome, outputTokens: 0 });
    return failed
      ? reply(response, failed.status, words.error(failed.error))
      : reply(response, 200, words.embeddings(name, body["input"] ?? body["prompt"], behaviour.inputTokens));
  }
  const request: Request = {
    path,
    model: name,
    tools: (body["tools"] as Request["tools"]) ?? [],
    asked: JSON.stringify(body["messages"] ?? body["prompt"] ?? body["input"] ?? ""),
  };
  // Ollama streams unless told not to, OpenAI only when told to.
  const streamed = words === ollamaWords ? body["stream"] !== false : body["stream"] === true;
  const done = await (streamed ? stream : whole)(response, request, behaviour, words);
  served.push({ path, model: name, streamed, ...done });
}

type Done = Pick<Served, "outcome" | "outputTokens">;

async function whole(
  response: ServerResponse,
  request: Request,
  behaviour: Behaviour,
  words: Words,
): Promise<Done> {
  const { fault, firstTokenSeconds } = behaviour;
  await sleep(1000 * (fault?.kind === "status" ? firstTokenSeconds : secondsOf(behaviour)));
  if (response.destroyed) return { outcome: "left", outputTokens: 0 };
  if (fault?.kind === "status") return failWith(response, request, words, fault);
  if (fault?.kind === "breaks-off") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "10000" }).write("{");
    response.destroy();
    return { outcome: "broke-off", outputTokens: 0 };
  }
  reply(response, 200, words.whole(request, behaviour));
  return { outcome: "answered", outputTokens: behaviour.tokens };
}

async function stream(
  response: ServerResponse,
  request: Request,
  behaviour: Behaviour,
  words: Words,
): Promise<Done> {
  const { fault, firstTokenSeconds, secondsPerToken, tokens } = behaviour;
  await sleep(1000 * firstTokenSeconds);
  if (fault?.kind === "status") return failWith(response, request, words, fault);
  response.writeHead(200, { "content-type": words.streamType });
  for (let token = 0; token < tokens; token++) {
    if (response.destroyed) return { outcome: "left", outputTokens: token };
    if (fault?.kind === "breaks-off" && token === fault.afterTokens) {
      response.destroy();
      return { outcome: "broke-off", outputTokens: token };
    }
    response.write(words.part(request, token, behaviour));
    if (token < tokens - 1) await sleep(1000 * secondsPerToken);
  }
  response.end(words.last(request, behaviour));
  return { outcome: "answered", outputTokens: tokens };
}

function failWith(
  response: ServerResponse,
  { asked }: Request,
  words: Words,
  { status, error, quotes }: { readonly status: number; readonly error: string; readonly quotes?: true },
): Done {
  reply(response, status, words.error(quotes ? `${error}: ${asked}` : error));
  return { outcome: "failed", outputTokens: 0 };
}

function fixedAnswer(path: string, models: Readonly<Record<string, Behaviour>>): object | undefined {
  const list = Object.keys(models).map((name) => ({ name, model: name, size: 1, digest: "0", details: {} }));
  switch (path) {
    case "/":
    case "/api/version":
      return { version: "0.12.0" };
    case "/api/tags":
      return { models: list };
    case "/api/ps":
      return { models: [] };
    default:
      return undefined;
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

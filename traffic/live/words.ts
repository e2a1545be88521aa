import type { Behaviour } from "./behaviour.ts";

/** What is asked of a model. */
export interface Request {
  readonly path: string;
  readonly model: string;
  /** Tools that the model may call. */
  readonly tools: readonly { readonly function: { readonly name: string } }[];
  /** Messages or texts, as JSON. */
  readonly asked: string;
}

/** The words of an API. */
export interface Words {
  /** Content type of a stream. */
  readonly streamType: string;
  /** A whole answer. */
  whole(request: Request, behaviour: Behaviour): object;
  /** A token of a stream, counted from 0. */
  part(request: Request, token: number, behaviour: Behaviour): string;
  /** What ends a stream. */
  last(request: Request, behaviour: Behaviour): string;
  error(text: string): object;
  embeddings(model: string, input: unknown, inputTokens: number): object;
}

const text = (token: number, { says = "Word" }: Behaviour): string => (token === 0 ? says : ` word${token}`);
const allText = (behaviour: Behaviour): string =>
  Array.from({ length: behaviour.tokens }, (_, token) => text(token, behaviour)).join("");
const seconds = 1e9;
const vector = [0.1, 0.2, 0.3];
const created = 1_700_000_000;
const createdAt = "2026-01-01T00:00:00Z";

/** Ollama's API: https://github.com/ollama/ollama/blob/main/docs/api.md. */
export const ollamaWords: Words = {
  streamType: "application/x-ndjson",
  whole: (request, behaviour) => ({
    ...message(request, allText(behaviour), behaviour.callsTools),
    ...finished(behaviour),
  }),
  part: (request, token, behaviour) =>
    `${JSON.stringify({ ...message(request, text(token, behaviour), behaviour.callsTools && token === 0), done: false })}\n`,
  last: (request, behaviour) => `${JSON.stringify({ ...message(request, ""), ...finished(behaviour) })}\n`,
  error: (error) => ({ error }),
  embeddings: (model, input, inputTokens) => ({
    model,
    embeddings: [input].flat().map(() => vector),
    embedding: vector,
    total_duration: seconds,
    prompt_eval_count: inputTokens,
  }),
};

function message({ path, model, tools }: Request, content: string, callsTool = false): object {
  const base = { model, created_at: createdAt };
  if (path === "/api/generate") return { ...base, response: content };
  const call = tools[0] && callsTool && [{ function: { name: tools[0].function.name, arguments: {} } }];
  return { ...base, message: { role: "assistant", content, ...(call && { tool_calls: call }) } };
}

const finished = ({ inputTokens, tokens }: Behaviour): object => ({
  done: true,
  done_reason: "stop",
  total_duration: seconds,
  load_duration: 0,
  prompt_eval_count: inputTokens,
  prompt_eval_duration: seconds,
  eval_count: tokens,
  eval_duration: seconds,
});

/** OpenAI's API for chats. */
export const openaiWords: Words = {
  streamType: "text/event-stream",
  whole: ({ model }, behaviour) => ({
    id: "chatcmpl-stand-in",
    object: "chat.completion",
    created,
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: allText(behaviour) },
        finish_reason: "stop",
      },
    ],
    usage: usage(behaviour),
  }),
  part: (request, token, behaviour) =>
    event(request, { delta: { role: "assistant", content: text(token, behaviour) } }),
  last: (request, behaviour) =>
    event(request, { delta: {}, finish_reason: "stop" }) +
    `data: ${JSON.stringify({ ...chunk(request), choices: [], usage: usage(behaviour) })}\n\n` +
    "data: [DONE]\n\n",
  error: (text) => ({ error: { message: text, type: "stand_in_error", code: null } }),
  embeddings: (model, input, inputTokens) => ({
    object: "list",
    model,
    data: [input].flat().map((_, index) => ({ object: "embedding", index, embedding: vector })),
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  }),
};

const chunk = ({ model }: Request) => ({
  id: "chatcmpl-stand-in",
  object: "chat.completion.chunk",
  created,
  model,
});

const event = (request: Request, choice: object): string =>
  `data: ${JSON.stringify({ ...chunk(request), choices: [{ index: 0, finish_reason: null, ...choice }] })}\n\n`;

const usage = ({ inputTokens, tokens }: Behaviour): object => ({
  prompt_tokens: inputTokens,
  completion_tokens: tokens,
  total_tokens: inputTokens + tokens,
});

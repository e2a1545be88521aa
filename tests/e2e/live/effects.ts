import { answering, groups, providerModel } from "../../../traffic/live/models.ts";

/** What a case must leave at LiteLLM, by what was asked and how the models were told to behave. */
export interface Effect {
  readonly requests: readonly Request[];
  readonly calls: readonly Call[];
}

/** A request of LiteLLM's that counts. */
export interface Request {
  readonly of: "answer" | "embeddings" | "other";
  readonly code: number;
  readonly outcome: "served" | "failed" | "refused";
}

/** A call of a model that counts. */
export interface Call {
  /** Provider's name of the model. */
  readonly model: string;
  /** Class of the exception; empty when the call went well. */
  readonly error: string;
  readonly outputTokens: number;
  /** Whether a first token came apart from the last. */
  readonly streamed: boolean;
  readonly costs: boolean;
}

const nothing: Effect = { requests: [], calls: [] };

const request = (
  code = 200,
  outcome: Request["outcome"] = "served",
  of: Request["of"] = "answer",
): Request => ({
  of,
  code,
  outcome,
});

const call = (group: string, more: Partial<Call> = {}): Call => ({
  model: providerModel(group),
  error: "",
  outputTokens: groups.find(({ name }) => name === group)!.behaviour!.tokens,
  streamed: false,
  costs: group === "gpt-4o-mini",
  ...more,
});

const failedCall = (group: string, error: string): Call => ({
  model: providerModel(group),
  error,
  outputTokens: 0,
  streamed: false,
  costs: false,
});

const answered = (group = answering): Effect => ({ requests: [request()], calls: [call(group)] });
const streamed = (group = answering): Effect => ({
  requests: [request()],
  calls: [call(group, { streamed: true })],
});
const failed = (code: number, group: string, error: string): Effect => ({
  requests: [request(code, "failed")],
  calls: [failedCall(group, error)],
});
const refused = (code: number): Effect => ({ requests: [request(code, "refused")], calls: [] });
const other = (code: number, outcome: Request["outcome"]): Effect => ({
  requests: [request(code, outcome, "other")],
  calls: [],
});

/** LiteLLM counts the words of an answer that broke off by itself: three tokens in the two pieces that came. */
const brokenOff: Effect = {
  requests: [request(200, "failed")],
  calls: [{ ...failedCall("broken", "ReadError"), outputTokens: 3, streamed: true }],
};

/** By case of `traffic/live`. */
export const effects: Readonly<Record<string, Effect>> = {
  "messages-first-after-start": answered(),
  ok: answered(),
  stream: streamed(),
  "openai-ok": answered("gpt-4o-mini"),
  "openai-stream": streamed("gpt-4o-mini"),
  "ok-with-user-headers": answered(),
  "slow-answer": streamed("large"),
  "session-header": streamed(),
  "body-user": answered(),
  "tool-call": answered("caller"),
  // Left after the first token.
  "client-leaves": { requests: [request()], calls: [call(answering, { streamed: true, outputTokens: 1 })] },
  completions: answered(),
  messages: answered(),
  "messages-stream": streamed(),
  responses: answered(),
  "responses-stream": streamed(),
  // LiteLLM makes no span of the call of an embedding.
  embeddings: { requests: [request(200, "served", "embeddings")], calls: [] },
  "engines-route": answered(),
  // Below a provider's name, where a caller's own URL is the route: in traces only.
  "deployments-route": nothing,
  unhandled: nothing,
  // A request, but no call of a model: its name is the caller's.
  "pass-through": other(200, "served"),
  "pass-through-refused": other(500, "failed"),
  models: other(200, "served"),
  // No route, as the first of a route that is answered.
  "not-found": refused(404),
  "no-key-401": refused(401),
  "wrong-key": refused(400),
  "unknown-model-400": refused(400),
  "bad-body-400": refused(400),
  "rate-limit-ok": answered("limited"),
  "rate-limit-429": refused(429),
  "upstream-500": failed(500, "boom", "InternalServerError"),
  "upstream-500-stream": failed(500, "boom", "InternalServerError"),
  "upstream-401": failed(401, "locked", "AuthenticationError"),
  "upstream-404": failed(404, "absent", "NotFoundError"),
  "upstream-429": failed(429, "busy", "RateLimitError"),
  "upstream-refused": failed(500, "dead", "APIConnectionError"),
  "upstream-refused-stream": failed(500, "dead", "APIConnectionError"),
  "upstream-breaks-off": brokenOff,
  timeout: failed(408, "slow", "Timeout"),
  "timeout-stream": failed(408, "slow", "Timeout"),
  // Three attempts are one call.
  retries: failed(500, "boom", "InternalServerError"),
  fallback: {
    requests: [request()],
    calls: [failedCall("boom-replaced", "InternalServerError"), call(answering)],
  },
  "chat-browser": streamed(),
  // Title and tags, which are not streamed, beside the answer.
  "chat-with-title-tags": {
    requests: [request(), request(), request()],
    calls: [call(answering), call(answering), call(answering, { streamed: true })],
  },
  "chat-openai-model": streamed("gpt-4o-mini"),
  "chat-stream": streamed(),
  "chat-nonstream": answered(),
  "chat-boom": failed(500, "boom", "InternalServerError"),
  "chat-dead": failed(500, "dead", "APIConnectionError"),
  "chat-broken": brokenOff,
  "chat-busy": failed(429, "busy", "RateLimitError"),
  "chat-timeout": failed(408, "slow", "Timeout"),
  "chat-unknown-model": nothing,
  "page-view": nothing,
};

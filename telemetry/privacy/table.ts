import { attributes } from "../attributes.ts";

/** What becomes of an attribute of spans, their events, log records and resources that tells of people, or of what they wrote. */
export interface PrivacyRule {
  /** Names; `*` stands for anything. */
  readonly attributes: readonly string[];
  readonly application: "Open WebUI" | "LiteLLM" | "both";
  /** What it is, as a phrase. */
  readonly holds: string;
  /** When it is there, as a phrase. */
  readonly when: string;
  /**
   * `hash`: deleted, or with `privacy.mode: identities` replaced by a salted hash. `always`: of resources, deleted in every
   * mode.
   */
  readonly rule: "delete" | "hash" | "always";
}

/** Without the namespace of its name: how Python's contrib packages name captured headers. */
const headers = ["http.request.header.*", "http.response.header.*"];

/**
 * What the applications can record of people and of what they wrote, with every capture of theirs switched on, attribute by
 * attribute. Prompts, answers and headers are there only with captures that this stack leaves off.
 *
 * Seen on spans and log records of Open WebUI 0.12.4 and LiteLLM 1.106.2; the names of the other vocabularies that LiteLLM
 * can write (`openinference`, `langfuse`, `weave`, `langtrace`) are from its `integrations/otel/mappers`.
 */
export const privacyTable: readonly PrivacyRule[] = [
  {
    attributes: [
      "gen_ai.input.messages",
      "gen_ai.output.messages",
      "gen_ai.system_instructions",
      "gen_ai.prompt*",
      "gen_ai.completion*",
      "message.content",
      "llm.*.messages",
      "llm.*.message",
      "llm.*.stringified_raw_response",
      "llm.input_messages.*",
      "llm.output_messages.*",
      "llm.prompts.*",
      "llm.completions.*",
      "input.*",
      "output.*",
      "langfuse.*",
      "langtrace.*",
      "weave.*",
      "traceloop.*",
    ],
    application: "LiteLLM",
    holds: "prompts and answers",
    when: "with `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`, which `applicationEnv` sets to `no_content`, or tracing v1",
    rule: "delete",
  },
  {
    attributes: [
      "gen_ai.tool.*",
      "llm.request.functions.*",
      "llm.tools.*",
      "llm.*.tools",
      "gen_ai.request.stop_sequences",
      "llm.chat.stop_sequences",
      "litellm.guardrail.response",
      "litellm.team.metadata",
    ],
    application: "LiteLLM",
    holds:
      "tools that the request offers the model, with descriptions and parameters; texts at which an answer ends",
    when: "on calls with tools, those of a browser's chat among them",
    rule: "delete",
  },
  {
    attributes: [
      attributes.clientEmail.name,
      "litellm.metadata.user_api_key_user_email",
      "metadata.user_api_key_user_email",
    ],
    application: "both",
    holds: "e-mail address of the user",
    when: "on every request of a signed-in user; Open WebUI has no switch for it",
    rule: "delete",
  },
  {
    attributes: [
      attributes.clientId.name,
      attributes.userId.name,
      attributes.endUserId.name,
      "litellm.end_user.id",
      attributes.userIdV1.name,
      attributes.endUserIdV1.name,
      attributes.user.name,
      "enduser.id",
    ],
    application: "both",
    holds: "id of the user, or of who the body says that it is",
    when: "on every request of a signed-in user, and on chats, with the headers that Open WebUI forwards",
    rule: "hash",
  },
  {
    attributes: ["llm.user", "metadata.requester_*", "metadata.spend_logs_metadata"],
    application: "LiteLLM",
    holds: "the same, headers, address and what the body says of itself, as JSON",
    when: "with tracing v1",
    rule: "delete",
  },
  {
    attributes: headers,
    application: "both",
    holds: `headers, keys and cookies among them; the id of the chat stays (\`${attributes.chatHeader.name}\`)`,
    when: "on chats those that `applicationEnv` names: ids of the user and of the chat; others with captures of one's own",
    rule: "delete",
  },
  {
    attributes: [
      attributes.keyHash.name,
      "metadata.user_api_key_hash",
      "metadata.user_api_key_auth_metadata",
      "hidden_params",
    ],
    application: "LiteLLM",
    holds: "SHA-256 of the key, of a wrong one too",
    when: "on every request with a key",
    rule: "delete",
  },
  {
    attributes: [
      attributes.errorMessage.name,
      attributes.errorStack.name,
      attributes.exceptionMessage.name,
      "exception.stacktrace",
      "exception",
      "error",
      "error.stack_trace",
    ],
    application: "both",
    holds:
      "words of the provider, which may quote the request, and a stack trace; the span's status message is emptied with them",
    when: "on failed and refused requests",
    rule: "delete",
  },
  {
    attributes: [
      attributes.dbQueryText.name,
      attributes.oldDbStatement.name,
      "db.query.parameter.*",
      "db.operation.parameter.*",
    ],
    application: "both",
    holds: "queries of the database, with values",
    when: "on spans of the database",
    rule: "delete",
  },
  {
    attributes: [
      attributes.urlPath.name,
      "url.full",
      "url.query",
      "http.url",
      "http.target",
      "call_type",
      "metadata.user_api_key_request_route",
    ],
    application: "both",
    holds: "addresses, with ids, and with words that were searched for; `http.route` stays",
    when: "on every request",
    rule: "delete",
  },
  {
    attributes: [
      attributes.clientAddress.name,
      "client.port",
      "net.peer.ip",
      "net.sock.peer.addr",
      "network.peer.address",
    ],
    application: "both",
    holds: "address of the caller, or of the proxy before it",
    when: "on every request",
    rule: "delete",
  },
  {
    attributes: ["host.*", "process.*"],
    application: "both",
    holds: "where a process runs and how it was started, keys among it if they stand there (on the resource)",
    when: "on everything, with the detectors that `applicationEnv` names",
    rule: "always",
  },
];

/** Names that begin so are deleted unless they are known: in them the applications, or others, write what they are given. */
export const guardedNamespaces = [
  "gen_ai",
  "litellm",
  "llm",
  "metadata",
  "openinference",
  "client.user",
  "user",
  "enduser",
  "mcp",
  "error",
  "exception",
] as const;

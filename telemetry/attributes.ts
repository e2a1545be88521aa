/**
 * The OpenTelemetry attributes of the applications that may be asked for: in Tempo's settings, dashboards, alerts and
 * docs, and in what an operator asks besides. The gate in `tests/contract` refuses a query that names another.
 */

/** Where OpenTelemetry puts an attribute; TraceQL asks for it with this prefix. */
export type Scope = "resource" | "span" | "event";

/** Type of an attribute's values. TraceQL has no quantiles and no histograms of floats. */
export type ValueType = "string" | "int" | "float" | "boolean" | "string[]";

/** One attribute as an application writes it. */
export interface Attribute {
  /** Name in OpenTelemetry, such as `gen_ai.request.model`. */
  readonly name: string;
  readonly scope: Scope;
  readonly type: ValueType;
  /** Who writes it, and where that is documented. */
  readonly source: string;
}

const group =
  (scope: Scope, source: string) =>
  (name: string, type: ValueType = "string"): Attribute => ({ name, scope, type, source });

const resource = group("resource", "OpenTelemetry semantic conventions, resource");
const http = group("span", "HTTP semantic conventions, stable");
const oldHttp = group(
  "span",
  "HTTP semantic conventions before 1.23; Python's contrib packages write them beside the new ones",
);
const db = group("span", "database semantic conventions, stable");
const oldDb = group(
  "span",
  "database semantic conventions before 1.24; Python's contrib packages write them beside the new ones",
);
const genAi = group("span", "GenAI semantic conventions (in development), written by LiteLLM's otel v2");
const litellm = group("span", "LiteLLM otel v2, litellm/integrations/otel/model/semconv.py");
const litellmV1 = group("span", "LiteLLM otel v1, litellm/integrations/opentelemetry.py");
const exception = group("event", "exceptions semantic conventions, stable");
const openWebui = group("span", "Open WebUI, backend/open_webui/utils/auth.py, on every signed-in request");
const identity = group(
  "span",
  "session and user registry (in development); written only by own instrumentation",
);
const header = group(
  "span",
  "contrib header capture: OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST and …_CLIENT_REQUEST",
);

/** The attributes, by the name they have in this code. */
export const attributes = {
  serviceName: resource("service.name"),
  deploymentEnvironment: resource("deployment.environment"),

  httpRoute: http("http.route"),
  httpMethod: http("http.request.method"),
  httpStatusCode: http("http.response.status_code", "int"),
  oldHttpStatusCode: oldHttp("http.status_code", "int"),
  errorType: http("error.type"),
  serverAddress: http("server.address"),
  peerService: group("span", "OpenTelemetry peer attributes")("peer.service"),

  dbSystem: db("db.system.name"),
  dbNamespace: db("db.namespace"),
  dbQueryText: db("db.query.text"),
  dbOperation: db("db.operation.name"),
  oldDbSystem: oldDb("db.system"),
  oldDbName: oldDb("db.name"),
  oldDbStatement: oldDb("db.statement"),

  operation: genAi("gen_ai.operation.name"),
  provider: genAi("gen_ai.provider.name"),
  requestModel: genAi("gen_ai.request.model"),
  responseModel: genAi("gen_ai.response.model"),
  timeToFirstChunk: genAi("gen_ai.response.time_to_first_chunk", "float"),
  inputTokens: genAi("gen_ai.usage.input_tokens", "int"),
  outputTokens: genAi("gen_ai.usage.output_tokens", "int"),
  /** Of metrics alone: `input` or `output`. */
  tokenType: genAi("gen_ai.token.type"),
  conversation: genAi("gen_ai.conversation.id"),
  oldProvider: litellmV1("gen_ai.system"),

  /** Model as the provider knows it, such as `ollama_chat/llama3.1:8b`: on calls to a model only. */
  providerModel: litellm("litellm.provider.model"),
  callType: litellm("litellm.call_type"),
  callRoute: litellm("litellm.request.route"),
  /** On a request's SERVER span as well: the provider whose call failed. Refused requests have none. */
  errorProvider: litellm("litellm.provider.error.llm_provider"),
  costTotal: litellm("litellm.cost.total", "float"),
  streaming: litellm("litellm.request.streaming", "boolean"),
  userId: litellm("litellm.metadata.user_api_key_user_id"),
  endUserId: litellm("litellm.metadata.user_api_key_end_user_id"),
  /** Names of the virtual key and of its team; only where LiteLLM has a database. */
  keyAlias: litellm("litellm.metadata.user_api_key_alias"),
  teamAlias: litellm("litellm.team.alias"),
  errorMessage: litellm("error.message"),
  errorStack: litellm("litellm.provider.error.stack_trace"),
  keyHash: litellm("litellm.api_key.hash"),
  userIdV1: litellmV1("metadata.user_api_key_user_id"),
  endUserIdV1: litellmV1("metadata.user_api_key_end_user_id"),

  exceptionMessage: exception("exception.message"),

  clientEmail: openWebui("client.user.email"),
  clientId: openWebui("client.user.id"),
  clientRole: openWebui("client.user.role"),
  clientAddress: http("client.address"),
  userAgent: http("user_agent.original"),
  urlPath: http("url.path"),

  user: identity("user.id"),
  session: identity("session.id"),
  userHeader: header("http.request.header.x_openwebui_user_id", "string[]"),
  chatHeader: header("http.request.header.x_openwebui_chat_id", "string[]"),
} as const satisfies Record<string, Attribute>;

/** An attribute as TraceQL names it, such as `span.gen_ai.request.model`. */
export const traceql = (attribute: Attribute): string => `${attribute.scope}.${attribute.name}`;

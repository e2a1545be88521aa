import { attributes } from "../attributes.ts";
import { privacyTable, type PrivacyRule } from "./table.ts";

/** What LiteLLM writes beside the attributes of the contract, and tells nothing of anyone. */
const harmless: readonly string[] = [
  ...under("gen_ai.request", [
    "temperature",
    "top_p",
    "top_k",
    "max_tokens",
    "frequency_penalty",
    "presence_penalty",
    "seed",
    "choice.count",
    "encoding_formats",
  ]),
  ...under("gen_ai", ["output.type", "response.id", "response.finish_reasons", "framework"]),
  ...under("gen_ai.usage", [
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "cache_creation.input_tokens",
    "cache_read.input_tokens",
  ]),
  // Tracing v1.
  ...under("gen_ai.cost", [
    "input_cost",
    "output_cost",
    "total_cost",
    "original_cost",
    "tool_usage_cost",
    "discount_amount",
    "discount_percent",
    "margin_fixed_amount",
    "margin_percent",
    "margin_total_amount",
  ]),
  ...under("litellm.cost", [
    "input",
    "output",
    "cache_read",
    "cache_creation",
    "tool_usage",
    "original",
    "discount_amount",
    "discount_percent",
    "margin_fixed_amount",
    "margin_percent",
    "margin_total_amount",
    "guardrail",
  ]),
  ...under("litellm", [
    "call_id",
    "model_group",
    "team.id",
    "metadata.user_api_key_org_id",
    "request.purpose",
    "request.tools.declared",
    "request.body_bytes",
    "preprocessing.duration_ms",
    "provider.error.code",
    "service.name",
    "service.call_type",
    "redis.families",
    "mcp.server.name",
    "deployment.attempt",
    "deployment.model_group",
    "deployment.reason",
  ]),
  ...under("litellm.guardrail", [
    "name",
    "mode",
    "status",
    "provider",
    "action",
    "violation_categories",
    "confidence_score",
    "risk_score",
    "masked_entity_count",
    "duration",
    "id",
    "detection_method",
    "cost_in_spend",
  ]),
  ...under("metadata", [
    "user_api_key_alias",
    "user_api_key_team_id",
    "user_api_key_team_alias",
    "user_api_key_org_id",
  ]),
  "llm.is_streaming",
  "llm.request.type",
  "mcp.method.name",
  "error.code",
  "error.llm_provider",
  "exception.type",
  "exception.escaped",
];

/** What the instrumentations write that are in LiteLLM and Open WebUI, and others that speak of the same. */
const ofInstrumentations: readonly string[] = [
  ...under("http", [
    "method",
    "scheme",
    "flavor",
    "host",
    "server_name",
    "user_agent",
    "request.method_original",
    "request.body.size",
    "response.body.size",
    "request.resend_count",
  ]),
  ...under("db", ["name", "user", "operation", "collection.name", "query.summary", "response.status_code"]),
  ...under("net", ["host.name", "host.port", "peer.name", "peer.port"]),
  ...under("network", ["protocol.name", "protocol.version", "transport", "type"]),
  ...under("code", [
    "function.name",
    "file.path",
    "line.number",
    "namespace",
    "function",
    "filepath",
    "lineno",
  ]),
  ...under("rpc", ["system", "service", "method", "response.status_code"]),
  "server.port",
  "url.scheme",
  "asgi.event.type",
  "client.auth.type",
  "thread.id",
  "thread.name",
  "service",
  // Log records.
  "event.name",
  "event_name",
  "finish_reason",
];

function under(prefix: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${prefix}.${name}`);
}

/** A name, or a pattern with `*`, as a regular expression (RE2) without anchors. */
export const patternOf = (name: string): string =>
  name.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");

const matches = (pattern: string, name: string): boolean => new RegExp(`^${patternOf(pattern)}$`).test(name);

/** The rule for an attribute, if there is one. */
export const ruleOf = (name: string): PrivacyRule["rule"] | undefined =>
  name === attributes.chatHeader.name
    ? undefined
    : privacyTable.find((row) => row.attributes.some((pattern) => matches(pattern, name)))?.rule;

/** Ids of people. */
export const hashed: readonly string[] = privacyTable
  .filter(({ rule }) => rule === "hash")
  .flatMap((row) => row.attributes);

/** Every attribute that stays as it is: those of the contract, as far as no rule takes them, and what says nothing of anyone. */
export const kept: readonly string[] = [
  ...new Set([
    ...Object.values(attributes)
      .filter(({ scope, name }) => scope !== "resource" && ruleOf(name) === undefined)
      .map(({ name }) => name),
    ...harmless,
    ...ofInstrumentations,
  ]),
].sort();

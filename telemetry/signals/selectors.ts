import { attributes, traceql } from "../attributes.ts";
import { escapeRegex, passThroughCall } from "../generator.ts";
import { smokePrefix } from "../smoke.ts";
import type { SignalOptions } from "./signal.ts";

/** Series of Prometheus that the signals ask for. */
export const series = {
  calls: "traces_spanmetrics_calls_total",
  latency: "traces_spanmetrics_latency",
  edges: "traces_service_graph_request",
} as const;

/** Routes of LiteLLM on which a model answers. */
const answerRoutes = ".*/(completions|responses|messages)";

/** Routes of LiteLLM on which a model makes vectors. */
const embeddingRoutes = ".*/embeddings";

/** What a model does when it answers. LiteLLM also writes operations of tools, agents and stores. */
const answerOperations = "chat|text_completion";

/** What a model does, embeddings (of which LiteLLM marks no call when Ollama makes them) among it. */
const modelOperations = `${answerOperations}|generate_content|embeddings`;

/** Codes with which a caller is refused, as long as no provider's failure is behind them. */
const callersCode = '"4.."';

/**
 * Whose failure a request is, decided once for panels, alerts and docs.
 *
 * The **caller's** (refused): answered with a 4xx, and no provider failed behind it; or with 400, which is the
 * caller's even when the provider says so (a prompt too long).
 * The **platform's** (failed): every other request that ended as an error. That is a 5xx; no code at all, for an
 * exception that nobody handled; an error with code 200, for an answer that broke off; a timeout (408); and what a
 * provider refused LiteLLM (429, 401, 404).
 *
 * Seen with LiteLLM 1.106.2: it marks every 4xx as an error, and names the provider on the request's span
 * (`litellm.provider.error.llm_provider`) only when a call of it failed.
 */
const outcomes = {
  refused: [
    `http_response_status_code=~${callersCode},litellm_provider_error_llm_provider=""`,
    'http_response_status_code="400",litellm_provider_error_llm_provider!=""',
  ],
  failed: [
    `status_code="STATUS_CODE_ERROR",http_response_status_code!~${callersCode}`,
    `http_response_status_code=~${callersCode},http_response_status_code!="400",litellm_provider_error_llm_provider!=""`,
  ],
  served: [
    `http_response_status_code!~${callersCode}`,
    `http_response_status_code=~${callersCode},http_response_status_code!="400",litellm_provider_error_llm_provider!=""`,
  ],
} as const;

/** How a request ended; `served` is every one that was not refused, failed ones among them. */
export type Outcome = keyof typeof outcomes;

/** The rate of a counter over requests that ended so. */
export const rateOf = (metric: string, requests: string, outcome: Outcome): string =>
  outcomes[outcome].map((conditions) => `rate(${metric}{${requests},${conditions}}[$interval])`).join(" or ");

/** The conditions that signals share: which spans are requests, which are calls to a model. */
export function selectors({ services }: Pick<SignalOptions, "services">) {
  const anyService = Object.values(services).map(escapeRegex).join("|");
  const litellm = `${here},service=${promString(services.litellm)}`;
  const spansOf = (service: string) =>
    `${traceql(attributes.serviceName)} = ${JSON.stringify(service)} && ` +
    `${traceql(attributes.deploymentEnvironment)} = "$environment"`;
  const litellmSpans = spansOf(services.litellm);
  // What LiteLLM hands on as it is names the model of the caller's body.
  const isAnyModelCall =
    `${litellmSpans} && ${traceql(attributes.operation)} =~ "${modelOperations}" && ` +
    `${traceql(attributes.callType)} != "${passThroughCall}"`;
  const anyModelCalls = `${litellm},span_kind="SPAN_KIND_CLIENT",gen_ai_operation_name=~"${modelOperations}"`;
  const chosenUser = [attributes.userId, attributes.endUserId].map((id) => `${traceql(id)} = "$user"`);
  return {
    /** Series of every request that an application answered. */
    requests: `${here},service=~${promString(anyService)},span_kind="SPAN_KIND_SERVER"`,
    /**
     * Series of LiteLLM's requests for a model's answer. Until FastAPI has resolved a route for the first time after a
     * start, `/v1/messages` has none: hence the empty alternative. What else has none is refused (404).
     */
    answerRequests: `${litellm},span_kind="SPAN_KIND_SERVER",http_route=~"(${answerRoutes})?"`,
    /** Series of LiteLLM's requests for embeddings. */
    embeddingRequests: `${litellm},span_kind="SPAN_KIND_SERVER",http_route=~"${embeddingRoutes}"`,
    /** Series of LiteLLM's calls to the models chosen in the dashboard. */
    modelCalls: `${anyModelCalls},litellm_provider_model=~"$model"`,
    /** Those of all models. */
    anyModelCalls,
    /** Series of its calls for an answer. */
    answerCalls: `${litellm},span_kind="SPAN_KIND_CLIENT",gen_ai_operation_name=~"${answerOperations}"`,
    /** Series of LiteLLM's calls to its database and cache. */
    databaseCalls: `${litellm},span_kind="SPAN_KIND_CLIENT",db_system_name!=""`,
    /** Series of all of LiteLLM's requests. */
    litellmRequests: `${litellm},span_kind="SPAN_KIND_SERVER"`,
    /** LiteLLM's spans that are requests for a model's answer; on `/v1/messages` as with the series. */
    isAnswerRequest:
      `${litellmSpans} && span:kind = server && ` +
      `(${traceql(attributes.httpRoute)} = nil || ${traceql(attributes.httpRoute)} =~ "${answerRoutes}")`,
    /** LiteLLM's spans that are calls to a model. */
    isAnyModelCall,
    /** Those of the models chosen in the dashboard. */
    isModelCall: `${isAnyModelCall} && ${traceql(attributes.providerModel)} =~ "$model"`,
    /** Spans of the user chosen in the dashboard, by either of the names that LiteLLM has for users. */
    isUser: `("$user" = "${everything}" || ${chosenUser.join(" || ")})`,
    /** LiteLLM's spans that are requests for embeddings. */
    isEmbedding: `${litellmSpans} && span:kind = server && ${traceql(attributes.httpRoute)} =~ "${embeddingRoutes}"`,
  };
}

/** What a dashboard's variable stands at while all is chosen, as a regular expression. */
export const everything = ".*";

/** The environment chosen in the dashboard. */
const here = 'environment="$environment"';

/** Edges of the service graph: of the environment chosen, without those that `smoke` makes. */
export const edgeConditions = `${here},client!~"${smokePrefix}.*",server!~"${smokePrefix}.*"`;

/** A PromQL string literal. */
const promString = (text: string): string => JSON.stringify(text);

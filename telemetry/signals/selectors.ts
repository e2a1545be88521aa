import { attributes, traceql } from "../attributes.ts";
import { escapeRegex } from "../generator.ts";
import type { SignalOptions } from "./signal.ts";

/** Series of Prometheus that the signals ask for. */
export const series = {
  calls: "traces_spanmetrics_calls_total",
  latency: "traces_spanmetrics_latency",
  edges: "traces_service_graph_request",
} as const;

/** Routes of LiteLLM that call a model. */
const modelRoutes = ".*/(completions|embeddings|responses|messages)";

/** MCP tools have an operation too, but are no calls to a model. */
const toolOperation = "execute_tool";

/** The conditions that signals share: which spans are requests, which are calls to a model. */
export function selectors({ services }: SignalOptions) {
  const anyService = Object.values(services).map(escapeRegex).join("|");
  const litellm = promString(services.litellm);
  return {
    /** Series of every request that an application answered. */
    requests: `service=~${promString(anyService)},span_kind="SPAN_KIND_SERVER"`,
    /** Series of LiteLLM's requests that need a model. */
    modelRequests: `service=${litellm},span_kind="SPAN_KIND_SERVER",http_route=~"${modelRoutes}"`,
    /**
     * Series of those that were not refused for their key or budget, which takes no time. LiteLLM v1 writes no route:
     * the empty alternative keeps its requests.
     */
    servedRequests:
      `service=${litellm},span_kind="SPAN_KIND_SERVER",http_route=~"(${modelRoutes})?",` +
      'http_response_status_code!~"4..",http_status_code!~"4.."',
    /** Series of LiteLLM's calls to a model. The model's name alone would also count database calls. */
    modelCalls: `service=${litellm},span_kind="SPAN_KIND_CLIENT",gen_ai_operation_name!~"(${toolOperation})?"`,
    /** Series of LiteLLM's calls to its database and cache. */
    databaseCalls: `service=${litellm},span_kind="SPAN_KIND_CLIENT",db_system!=""`,
    /** Spans of LiteLLM. */
    litellmSpans: `${traceql(attributes.serviceName)} = ${JSON.stringify(services.litellm)}`,
    /** Spans that are calls to a model. TraceQL reads && and || from left to right, neither before the other. */
    isModelCall: `(${traceql(attributes.operation)} != nil && ${traceql(attributes.operation)} != "${toolOperation}")`,
  };
}

/** A PromQL string literal. */
const promString = (text: string): string => JSON.stringify(text);

import { series } from "./series.ts";

export const request = (labels: Readonly<Record<string, string>>, name = "traces_spanmetrics_calls_total") =>
  series(name, {
    environment: "dev",
    service: "litellm",
    span_kind: "SPAN_KIND_SERVER",
    http_route: "/v1/chat/completions",
    ...labels,
  });
export const answered = { http_response_status_code: "200", status_code: "STATUS_CODE_UNSET" };
export const error = { status_code: "STATUS_CODE_ERROR" };
export const ok = request(answered);
export const failed = request({ http_response_status_code: "500", ...error });
export const refused = request({ http_response_status_code: "429", ...error });
export const refusedByProvider = request({
  http_response_status_code: "429",
  litellm_provider_error_llm_provider: "openai",
  ...error,
});
export const counted = request(answered, "traces_spanmetrics_latency_count");
export const inTime = request({ ...answered, le: "30" }, "traces_spanmetrics_latency_bucket");

export const call = (
  model: string,
  labels: Readonly<Record<string, string>> = {},
  name = "traces_spanmetrics_calls_total",
) =>
  series(name, {
    environment: "dev",
    service: "litellm",
    span_kind: "SPAN_KIND_CLIENT",
    gen_ai_operation_name: "chat",
    litellm_provider_model: model,
    ...labels,
  });
export const llama = "ollama_chat/llama3.1:8b";
export const qwen = "ollama_chat/qwen2.5:7b";

export const firstToken = (part: string, labels: Readonly<Record<string, string>> = {}) =>
  series(`gen_ai_server_time_to_first_token_seconds_${part}`, {
    environment: "dev",
    job: "litellm",
    instance: "litellm-0/1",
    gen_ai_operation_name: "chat",
    litellm_provider_model: llama,
    ...labels,
  });
export const begun = firstToken("count");
export const begunInTime = firstToken("bucket", { le: "10" });

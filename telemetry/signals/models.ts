import { selectors, series } from "./selectors.ts";
import { percentage, prom, type Signal, type SignalOptions } from "./signal.ts";

/** Where LiteLLM's time goes, and how its models do. */
export function modelSignals(options: SignalOptions) {
  const { modelRequests, modelCalls, databaseCalls } = selectors(options);
  const seconds = (which: string, by = "") => `sum${by} (rate(${series.latency}_sum{${which}}[$interval]))`;
  const count = (which: string, by = "") => `sum${by} (rate(${series.latency}_count{${which}}[$interval]))`;
  const byModel = " by (gen_ai_request_model)";
  const failed = `sum by (error_type) (rate(${series.calls}{${modelCalls},status_code="STATUS_CODE_ERROR"}[$interval]))`;
  return {
    timeSplit: {
      title: "LiteLLM: total, model and overhead",
      description:
        "Average time of a model request in LiteLLM, the part of it that the model took, and the rest: authentication, " +
        "routing, database, guardrails. Requests of LiteLLM's tracing v1 are not in it: they do not tell the parts.",
      unit: "s",
      queries: [
        prom(`${seconds(modelRequests)} / ${count(modelRequests)}`, "total"),
        prom(`${seconds(modelCalls)} / ${count(modelRequests)}`, "model"),
        prom(`(${seconds(modelRequests)} - ${seconds(modelCalls)}) / ${count(modelRequests)}`, "overhead"),
      ],
      needs: ["litellm"],
    },
    databaseShare: {
      title: "LiteLLM: time spent on its database",
      description:
        "Share of LiteLLM's time that went into PostgreSQL and Redis. Open WebUI's database shows in the row Service graph.",
      unit: "percent",
      queries: [
        prom(
          percentage(
            seconds(databaseCalls, " by (service)"),
            seconds(
              `service=${JSON.stringify(options.services.litellm)},span_kind="SPAN_KIND_SERVER"`,
              " by (service)",
            ),
          ),
          "{{service}}",
        ),
      ],
      needs: ["litellm"],
    },
    modelRate: {
      title: "Calls by model",
      description: "Calls per second that LiteLLM made to each model, failed ones included.",
      unit: "reqps",
      queries: [
        prom(`sum${byModel} (rate(${series.calls}{${modelCalls}}[$interval]))`, "{{gen_ai_request_model}}"),
      ],
      needs: ["litellm"],
    },
    modelLatency: {
      title: "p95 by model",
      description: "Time within which 95 % of the calls to each model ended, to the last streamed token.",
      unit: "s",
      queries: [
        prom(
          `histogram_quantile(0.95, sum by (le, gen_ai_request_model) (rate(${series.latency}_bucket{${modelCalls}}[$interval])))`,
          "{{gen_ai_request_model}}",
        ),
      ],
      needs: ["litellm"],
    },
    modelErrors: {
      title: "Failed calls by model",
      description:
        "Share of the calls to each model that failed, those that broke off in the middle of an answer among them.",
      unit: "percent",
      queries: [
        prom(
          percentage(
            `sum${byModel} (rate(${series.calls}{${modelCalls},status_code="STATUS_CODE_ERROR"}[$interval]))`,
            `sum${byModel} (rate(${series.calls}{${modelCalls}}[$interval]))`,
          ),
          "{{gen_ai_request_model}}",
        ),
      ],
      needs: ["litellm"],
    },
    errorClasses: {
      title: "Failed calls by class of error",
      description:
        "Failed calls to models per second, by the exception LiteLLM saw: APIConnectionError when Ollama is not reached, " +
        "Timeout when it is too slow. Requests refused for their key or budget never reach a model.",
      unit: "reqps",
      queries: [prom(failed, "{{error_type}}")],
      needs: ["litellm"],
    },
  } as const satisfies Record<string, Signal>;
}

import { selectors, series } from "./selectors.ts";
import { percentage, prom, type Signal, type SignalOptions } from "./signal.ts";

/** Where LiteLLM's time goes, and how its models do. */
export function modelSignals(options: SignalOptions) {
  const { litellmRequests, answerRequests, answerCalls, modelCalls, databaseCalls } = selectors(options);
  const rate = (metric: string, which: string) => `rate(${metric}{${which}}[$interval])`;
  const seconds = (which: string) => `sum(${rate(`${series.latency}_sum`, which)})`;
  const byModel = (what: string) => `sum by (litellm_provider_model) (${what})`;
  const failed = 'status_code="STATUS_CODE_ERROR"';
  const risen = (metric: string, which: string) => `increase(${metric}{${which}}[$__range])`;
  const durationOf = (quantile: number) =>
    `histogram_quantile(${quantile}, sum by (le, litellm_provider_model) (${risen(`${series.latency}_bucket`, modelCalls)}))`;
  // Both sides count what went well, so that the one holds the other.
  const answers = `${answerRequests},http_response_status_code=~"2..",status_code!="STATUS_CODE_ERROR"`;
  const calls = `${answerCalls},status_code!="STATUS_CODE_ERROR"`;
  const answerCount = `sum(${rate(`${series.latency}_count`, answers)})`;
  const legend = "{{litellm_provider_model}}";
  return {
    timeSplit: {
      title: "LiteLLM: total, model and overhead",
      description:
        "Average time of an answer that went well, the part of it that the model took, and the rest: authentication, " +
        "routing, database, guardrails, and attempts that failed before one went well. Embeddings are not in it.",
      unit: "s",
      queries: [
        prom(`${seconds(answers)} / ${answerCount}`, "total"),
        prom(`${seconds(calls)} / ${answerCount}`, "model"),
        // A call and its request may be counted in two windows; what that makes negative means nothing.
        prom(`clamp_min(${seconds(answers)} - ${seconds(calls)}, 0) / ${answerCount}`, "overhead"),
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
            `sum by (service) (${rate(`${series.latency}_sum`, databaseCalls)})`,
            `sum by (service) (${rate(`${series.latency}_sum`, litellmRequests)})`,
          ),
          "{{service}}",
        ),
      ],
      needs: ["litellm"],
    },
    modelRate: {
      title: "Calls by model",
      description:
        "Calls per second that LiteLLM made to each model, failed ones included. A call that LiteLLM tried several times " +
        "counts once. Embeddings by Ollama have a row of their own.",
      unit: "reqps",
      queries: [prom(byModel(rate(series.calls, modelCalls)), legend)],
      needs: ["litellm"],
    },
    modelLatency: {
      title: "p95 by model",
      description: "Time within which 95 % of the calls to each model ended, to the last streamed token.",
      unit: "s",
      queries: [
        prom(
          `histogram_quantile(0.95, sum by (le, litellm_provider_model) (${rate(`${series.latency}_bucket`, modelCalls)}))`,
          legend,
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
            byModel(rate(series.calls, `${modelCalls},${failed}`)),
            byModel(rate(series.calls, modelCalls)),
          ),
          legend,
        ),
      ],
      needs: ["litellm"],
    },
    modelComparison: {
      title: "Models compared",
      description:
        "Each model over the dashboard's time range: calls, the share of them that failed, and the times within which half " +
        "and 95 % of them ended. Embeddings by Ollama are not in it.",
      queries: [
        prom(byModel(risen(series.calls, modelCalls)), "calls"),
        prom(
          percentage(
            byModel(risen(series.calls, `${modelCalls},${failed}`)),
            byModel(risen(series.calls, modelCalls)),
          ),
          "failed",
        ),
        prom(durationOf(0.5), "p50"),
        prom(durationOf(0.95), "p95"),
      ],
      needs: ["litellm"],
    },
    errorClasses: {
      title: "Failed calls by class of error",
      description:
        "Failed calls to models per second, by the exception LiteLLM saw: APIConnectionError when Ollama is not reached, " +
        "Timeout when it is too slow, RateLimitError when it is too busy, ReadError when its answer breaks off.",
      unit: "reqps",
      queries: [
        prom(`sum by (error_type) (${rate(series.calls, `${modelCalls},${failed}`)})`, "{{error_type}}"),
      ],
      needs: ["litellm"],
    },
  } as const satisfies Record<string, Signal>;
}

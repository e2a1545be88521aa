import { labels, names, statuses } from "../metrics.ts";
import { histogram } from "./histogram.ts";
import { all, increase, is, isNot, matches, rate, sum, valuesOf } from "./promql.ts";
import { selectors } from "./selectors.ts";
import { percentage, prom, type Signal, type SignalOptions } from "./signal.ts";

/** Where LiteLLM's time goes, and how its models do. */
export function modelSignals(options: SignalOptions) {
  const { litellmRequests, answerRequests, answerCalls, modelCalls, databaseCalls } = selectors(options);
  const seconds = (requests: string, over: typeof rate | typeof increase = rate) =>
    histogram(options.histograms, names.latency, (series, ...matchers) =>
      over(series, all(requests, ...matchers)),
    );
  const byModel = (what: string) => sum(what, labels.providerModel);
  const durationOf = (quantile: number) =>
    seconds(modelCalls, increase).quantile(quantile, labels.providerModel);
  const failedCalls = all(modelCalls, is(labels.status, statuses.error));
  const wentWell = isNot(labels.status, statuses.error);
  // Both sides count what went well, so that the one holds the other.
  const answers = all(answerRequests, matches(labels.httpStatusCode, "2.."), wentWell);
  const answerTime = seconds(answers).total();
  const callTime = seconds(all(answerCalls, wentWell)).total();
  const answerCount = seconds(answers).count();
  const databaseTime = seconds(databaseCalls).total(labels.service);
  const requestTime = seconds(litellmRequests).total(labels.service);
  const legend = valuesOf(labels.providerModel);
  return {
    timeSplit: {
      title: "LiteLLM: total, model and overhead",
      description:
        "Average time of an answer that went well, the part of it that the model took, and the rest: authentication, " +
        "routing, database, guardrails, and attempts that failed before one went well. Embeddings are not in it.",
      unit: "s",
      queries: [
        prom(`${answerTime} / ${answerCount}`, "total"),
        prom(`${callTime} / ${answerCount}`, "model"),
        // A call and its request may be counted in two windows; what that makes negative means nothing.
        prom(`clamp_min(${answerTime} - ${callTime}, 0) / ${answerCount}`, "overhead"),
      ],
    },
    databaseShare: {
      title: "LiteLLM: time spent on its database",
      description:
        "Share of LiteLLM's time that went into PostgreSQL and Redis. Open WebUI's database shows in the row Service graph.",
      unit: "percent",
      queries: [prom(percentage(databaseTime, requestTime), valuesOf(labels.service))],
    },
    modelRate: {
      title: "Calls by model",
      description:
        "Calls per second that LiteLLM made to each model, failed ones included. A call that LiteLLM tried several times " +
        "counts once. Embeddings by Ollama have a row of their own.",
      unit: "reqps",
      queries: [prom(byModel(rate(names.calls, modelCalls)), legend)],
    },
    modelLatency: {
      title: "p95 by model",
      description: "Time within which 95 % of the calls to each model ended, to the last streamed token.",
      unit: "s",
      queries: [prom(seconds(modelCalls).quantile(0.95, labels.providerModel), legend)],
    },
    modelErrors: {
      title: "Failed calls by model",
      description:
        "Share of the calls to each model that failed, those that broke off in the middle of an answer among them.",
      unit: "percent",
      queries: [
        prom(
          percentage(byModel(rate(names.calls, failedCalls)), byModel(rate(names.calls, modelCalls))),
          legend,
        ),
      ],
    },
    modelComparison: {
      title: "Models compared",
      description:
        "Each model over the dashboard's time range: calls, the share of them that failed, and the times within which half " +
        "and 95 % of them ended. Embeddings by Ollama are not in it.",
      queries: [
        prom(byModel(increase(names.calls, modelCalls)), `${legend} calls`),
        prom(
          percentage(byModel(increase(names.calls, failedCalls)), byModel(increase(names.calls, modelCalls))),
          `${legend} failed`,
        ),
        prom(durationOf(0.5), `${legend} p50`),
        prom(durationOf(0.95), `${legend} p95`),
      ],
    },
    errorClasses: {
      title: "Failed calls by class of error",
      description:
        "Failed calls to models per second, by the exception LiteLLM saw: APIConnectionError when Ollama is not reached, " +
        "Timeout when it is too slow, RateLimitError when it is too busy, ReadError when its answer breaks off.",
      unit: "reqps",
      queries: [prom(sum(rate(names.calls, failedCalls), labels.errorType), valuesOf(labels.errorType))],
    },
  } as const satisfies Record<string, Signal>;
}

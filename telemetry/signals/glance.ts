import { attributes, traceql } from "../attributes.ts";
import { names } from "../metrics.ts";
import { histogram } from "./histogram.ts";
import { all, rate, sum } from "./promql.ts";
import { failedShare, rateOf, selectors } from "./selectors.ts";
import { prom, traceMetrics, traceTotal, whenBusy, type Signal, type SignalOptions } from "./signal.ts";

/** Is it broken, and how busy is it: a number each. */
export function glanceSignals(options: SignalOptions) {
  const { answerRequests, anyModelCallFilter } = selectors(options);
  const seconds = histogram(options.histograms, names.latency, (series, ...matchers) =>
    rateOf(series, all(answerRequests, ...matchers), "served"),
  );
  const timeToFirstChunk = traceql(attributes.timeToFirstChunk);
  const outputTokens = traceql(attributes.outputTokens);
  const cost = traceql(attributes.costTotal);
  return {
    requestsNow: {
      title: "Requests",
      description:
        "Requests for an answer that LiteLLM ended per second, over the interval. Refused ones count.",
      unit: "reqps",
      queries: [prom(sum(rate(names.calls, answerRequests)), "requests")],
    },
    failedNow: {
      title: "Failed",
      description:
        "Share of the requests for an answer that the platform failed, over the interval: 5xx, timeouts, providers that " +
        "refused, answers that broke off. What was refused for the caller's sake counts nowhere in it.",
      unit: "percent",
      queries: [prom(whenBusy(failedShare(answerRequests)), "failed")],
    },
    slowestNow: {
      title: "p95",
      description:
        "Time within which 95 % of the requests for an answer ended, to the last token, over the interval.",
      unit: "s",
      queries: [prom(whenBusy(seconds.quantile(0.95)), "p95")],
    },
    firstTokenNow: {
      title: "First token",
      description:
        "Average time until a streamed answer began: the mean of the minutes of the dashboard's time range.",
      unit: "s",
      queries: [
        traceMetrics(
          `{ ${anyModelCallFilter} && ${timeToFirstChunk} != nil } | avg_over_time(${timeToFirstChunk})`,
          60,
        ),
      ],
    },
    inFlight: {
      title: "In flight",
      description:
        "Requests for an answer that LiteLLM had at the same time, on average over the interval: how many end per second, " +
        "times how long they take. A request counts when it ends.",
      unit: "short",
      queries: [prom(seconds.total(), "in flight")],
    },
    tokensNow: {
      title: "Tokens per minute",
      description:
        "Tokens that all models wrote per minute, on average over the minutes in which they wrote any.",
      unit: "short",
      queries: [
        traceMetrics(
          `{ ${anyModelCallFilter} && ${outputTokens} != nil } | sum_over_time(${outputTokens})`,
          60,
        ),
      ],
    },
    costNow: {
      title: "Cost",
      description:
        "What LiteLLM reckons all calls of the dashboard's time range cost; 0 for models of your own.",
      unit: "currencyUSD",
      queries: [traceTotal(`{ ${anyModelCallFilter} && ${cost} != nil } | sum_over_time(${cost})`)],
    },
  } as const satisfies Record<string, Signal>;
}

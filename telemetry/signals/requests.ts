import { latencyBoundsSeconds, nativeFactor } from "../generator.ts";
import { labels, names } from "../metrics.ts";
import { histogram } from "./histogram.ts";
import { all, is, rate, sum, valuesOf } from "./promql.ts";
import { failedShare, rateOf, selectors } from "./selectors.ts";
import { prom, type Signal, type SignalOptions } from "./signal.ts";

/** How exact a quantile is. */
const accuracy = {
  classic: `Values between two histogram bounds are interpolated; nothing above ${Math.max(...latencyBoundsSeconds)} s is told apart.`,
  native: `Values are exact to ${Math.round(100 * (nativeFactor - 1))} %.`,
} as const;

/** Requests as a user feels them: how many, how long, how many fail. */
export function requestSignals(options: SignalOptions) {
  const { requests, answerRequests } = selectors(options);
  const seconds = histogram(options.histograms, names.latency, (series, ...matchers) =>
    rateOf(series, all(answerRequests, ...matchers), "served"),
  );
  const errorRate = failedShare(requests, labels.service);
  return {
    requestRate: {
      title: "Request Rate",
      description:
        "Requests that each service answered per second, whatever their result. One chat makes several: Open WebUI also " +
        "counts its pages, and LiteLLM the titles and tags that Open WebUI asks for in the background. What LiteLLM hands " +
        "on to a provider as it is (pass-through) is not counted.",
      unit: "reqps",
      queries: [prom(sum(rate(names.calls, requests), labels.service), valuesOf(labels.service))],
    },
    latencyPercentiles: {
      title: "LiteLLM Latency Percentiles",
      description:
        "How long LiteLLM's requests for an answer took, to the last streamed token, timeouts among them; those refused " +
        "for the caller's sake are left out, embeddings have a row of their own. Diamonds are single requests: click one " +
        `to open its trace. ${accuracy[options.histograms]}`,
      unit: "s",
      queries: [0.5, 0.95, 0.99].map((quantile) => prom(seconds.quantile(quantile), `p${quantile * 100}`)),
    },
    latencyHeatmap: {
      title: "Latency of requests",
      description:
        "How many requests for an answer took how long: a colour a histogram bound. Two bands, one fast and one slow, are " +
        "two kinds of requests, which a percentile hides.",
      unit: "reqps",
      queries: [prom(seconds.spread, options.histograms === "native" ? "" : valuesOf(labels.bound))],
    },
    errorRate: {
      title: "Error Rate (5xx)",
      description:
        "Share of each service's requests that the platform failed: an answer from 500 up, an exception without any code, " +
        "a timeout (408), a provider that refused LiteLLM (429, 401, 404), an answer that broke off after its 200. What " +
        "was refused for the caller's sake (key, budget, unknown model) is neither a failure nor counted in the whole. Open " +
        "WebUI answers a chat before the model does, so failed chats show at LiteLLM.",
      unit: "percent",
      queries: [prom(errorRate, valuesOf(labels.service))],
    },
    errorsOverTime: {
      title: "Error Rate over time",
      description: "The same over time: since when it is so.",
      unit: "percent",
      queries: [prom(errorRate, valuesOf(labels.service))],
    },
    refusedRequests: {
      title: "Refused requests",
      description:
        "Requests per second that were refused for the caller's sake: a wrong key (401), an unknown model or a bad body " +
        "(400), an exhausted limit or budget (429).",
      unit: "reqps",
      queries: [
        prom(
          sum(rateOf(names.calls, requests, "refused"), labels.service, labels.httpStatusCode),
          valuesOf(labels.service, labels.httpStatusCode),
        ),
      ],
    },
    requestRateOfSpan: {
      title: "Request rate",
      description: "Spans per second of the service whose span is open, a quarter of an hour to either side.",
      unit: "reqps",
      queries: [
        prom(`sum(rate(${names.calls}{$__tags,${is(labels.environment, options.environment)}}[5m]))`, ""),
      ],
    },
  } as const satisfies Record<string, Signal>;
}

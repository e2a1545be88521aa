import { selectors, series } from "./selectors.ts";
import { percentage, prom, type Signal, type SignalOptions } from "./signal.ts";

/** Requests as a user feels them: how many, how long, how many fail. */
export function requestSignals(options: SignalOptions) {
  const { requests, servedRequests } = selectors(options);
  return {
    requestRate: {
      title: "Request Rate",
      description:
        "Requests that each service answered per second, whatever their result. One chat makes several: Open WebUI also " +
        "counts its pages, and LiteLLM the titles and tags that Open WebUI asks for in the background.",
      unit: "reqps",
      queries: [prom(`sum by (service) (rate(${series.calls}{${requests}}[$interval]))`, "{{service}}")],
      needs: ["openWebui", "litellm"],
    },
    latencyPercentiles: {
      title: "LiteLLM Latency Percentiles",
      description:
        "How long LiteLLM's model requests took, to the last streamed token; those refused with a 4xx are left out. Diamonds are single requests: click one to " +
        "open its trace. Values between two histogram bounds are interpolated; nothing above 300 s is told apart.",
      unit: "s",
      queries: [0.5, 0.95, 0.99].map((quantile) =>
        prom(
          `histogram_quantile(${quantile}, sum by (le) (rate(${series.latency}_bucket{${servedRequests}}[$interval])))`,
          `p${quantile * 100}`,
        ),
      ),
      needs: ["litellm"],
    },
    errorRate: {
      title: "Error Rate (5xx)",
      description:
        "Share of requests answered with an HTTP status from 500 up, per service. A refused key (401) or an exhausted " +
        "budget (429) is no 5xx, nor is an answer that broke off after it had begun: that was already a 200. Open WebUI " +
        "answers a chat before the model does, so failed chats show at LiteLLM.",
      unit: "percent",
      queries: [
        prom(
          percentage(
            `sum by (service) (rate(${series.calls}{${requests},http_response_status_code=~"5.."}[$interval])` +
              ` or rate(${series.calls}{${requests},http_status_code=~"5.."}[$interval]))`,
            `sum by (service) (rate(${series.calls}{${requests}}[$interval]))`,
          ),
          "{{service}}",
        ),
      ],
      needs: ["openWebui", "litellm"],
    },
    requestRateOfSpan: {
      title: "Request rate",
      description: "Spans per second of the service whose span is open, a quarter of an hour to either side.",
      unit: "reqps",
      queries: [prom(`sum(rate(${series.calls}{$__tags}[5m]))`, "")],
      needs: [],
    },
  } as const satisfies Record<string, Signal>;
}

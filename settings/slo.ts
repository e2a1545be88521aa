import { z } from "zod";
import { applicationMetrics } from "../telemetry/application-metrics.ts";
import { duration, want } from "./units.ts";
import { latency } from "./values.ts";

const requestsWanted = "a whole number from 1 to 1000000";

/**
 * A share of requests in percent. Below 94 % the alert that tells of the fastest burn could never fire: 14.4 times more than
 * the budget would be more than all requests.
 */
const percent = () => {
  const wanted = want("a share in percent from 94 to 99.99");
  return z.number(wanted).min(94, wanted).max(99.99, wanted);
};

/** What chats are promised to be. */
export const slo = z.strictObject({
  availability: percent()
    .default(99.5)
    .describe("Share of the requests for an answer, in percent, that the platform must not fail."),
  latency: z
    .strictObject({
      target: percent()
        .default(95)
        .describe("Share of the requests for an answer, in percent, that must end in time."),
      under: latency().prefault("30s").describe("In which time, to the last token."),
    })
    .prefault({})
    .describe("How fast requests for an answer must end."),
  firstToken: z
    .strictObject({
      target: percent()
        .default(95)
        .describe("Share of the streamed answers, in percent, that must begin in time."),
      under: latency()
        .optional()
        .describe(
          "In which time, to the first token, loading the model included. Default: 10s, or the highest bound of the " +
            "histogram that is no more than slo.latency.under.",
        ),
    })
    .prefault({})
    .describe(
      "How soon streamed answers must begin, as LiteLLM measures it. Without the collector there is no such objective.",
    ),
  window: duration({ least: "7d", most: "90d" })
    .prefault("30d")
    .describe(
      "Time over which the objectives are kept. The dashboard sees no more of it than Prometheus keeps.",
    ),
  minimumRequests: z
    .int(want(requestsWanted))
    .min(1, want(requestsWanted))
    .max(1_000_000, want(requestsWanted))
    .default(20)
    .describe("Alerts about chats say nothing while there were fewer requests in their window."),
});

/** Longest that they may take to begin, in seconds, where nothing is said of it. */
const firstTokenSeconds = 10;

/** In which time streamed answers must begin, in seconds, where `slo.firstToken.under` does not say. */
export function defaultFirstTokenSeconds({ latency }: Pick<z.infer<typeof slo>, "latency">): number {
  const { bounds } = applicationMetrics.firstTokenSeconds;
  return bounds.findLast((bound) => bound <= Math.min(firstTokenSeconds, latency.under.seconds)) ?? bounds[0];
}

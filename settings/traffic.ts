import { z } from "zod";
import { recordedRequestKinds } from "../telemetry/series.ts";
import { recordedChat } from "../telemetry/traffic.ts";
import { count } from "./units.ts";

/** What the applications send. Size and limits follow from it (`budget.ts`). */
export const traffic = z.strictObject({
  requestsPerMinute: count(6_000_000)
    .default(30)
    .describe("Requests a minute to Open WebUI and LiteLLM together, on average over day and night."),
  spansPerRequest: count(10_000)
    .default(recordedChat.spans)
    .describe(
      "Spans a request makes. The default is a first chat in the browser, as recorded; a later one has 58, a request of LiteLLM's own API 4.",
    ),
  bytesPerSpan: count(100_000)
    .default(recordedChat.bytesPerSpan)
    .describe("Size of a span as Tempo receives it, in bytes. The default is as recorded."),
  // Each is a value of labels, which have at most 500 (`maxValuesPerLabel` in `telemetry/generator.ts`), routes among them.
  models: count(400).default(10).describe("Models that LiteLLM offers."),
  requestKinds: count(10_000)
    .default(recordedRequestKinds)
    .describe(
      "Routes of Open WebUI and LiteLLM that are asked for, each with its outcomes. The default is as recorded.",
    ),
});

import { z } from "zod";
import { latencyBoundsSeconds } from "../telemetry/generator.ts";
import { duration, want } from "./units.ts";
import { dnsLabel, text } from "./values.ts";

/** The applications that are traced. */
export const applications = z.strictObject({
  namespaces: z
    .array(dnsLabel("a namespace"), want("a list of namespaces"))
    .min(1, want("at least one namespace"))
    .default(["open-webui", "litellm"])
    .describe("Namespaces whose pods may send traces to Tempo."),
  services: z
    .strictObject({
      openWebui: text("a service name").default("open-webui").describe("OTEL_SERVICE_NAME of Open WebUI."),
      litellm: text("a service name").default("litellm").describe("OTEL_SERVICE_NAME of LiteLLM."),
    })
    .prefault({})
    .describe("Names under which the applications send their spans."),
  slowRequest: duration()
    .refine(({ seconds }) => latencyBoundsSeconds.includes(seconds), {
      error: `one of the histogram's bounds: ${latencyBoundsSeconds.map((bound) => `${bound}s`).join(", ")}`,
    })
    .prefault("5s")
    .describe("A request that takes longer is slow."),
});

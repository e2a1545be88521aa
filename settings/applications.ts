import { z } from "zod";
import { want } from "./units.ts";
import { conflict, dnsLabel, labelSet, latency, queryText } from "./values.ts";

/** The applications that are traced. */
export const applications = z.strictObject({
  namespaces: z
    .array(dnsLabel("a namespace"), want("a list of namespaces"))
    .min(1, want("at least one namespace"))
    .refine((names) => new Set(names).size === names.length, want("each namespace once"))
    .default(["open-webui", "litellm"])
    .describe("Namespaces whose pods may send traces to Tempo."),
  // None by default: a label that somebody's pods do not have would cut them off, and no chart's labels are everybody's.
  podLabels: z
    .array(labelSet, want("a list of sets of labels"))
    .default([])
    .describe(
      "Sets of labels, of which a pod in these namespaces must have one to send traces. Default: none, every pod may.",
    ),
  services: z
    .strictObject({
      openWebui: queryText("a service name")
        .default("open-webui")
        .describe("OTEL_SERVICE_NAME of Open WebUI."),
      litellm: queryText("a service name").default("litellm").describe("OTEL_SERVICE_NAME of LiteLLM."),
    })
    .superRefine(({ openWebui, litellm }, context) => {
      if (openWebui === litellm) {
        const message = "another name than the other application's";
        conflict(context, { path: ["openWebui"], message }, { path: ["litellm"], message });
      }
    })
    .prefault({})
    .describe("Names under which the applications send their spans."),
  slowRequest: latency().prefault("5s").describe("A request that takes longer is slow."),
});

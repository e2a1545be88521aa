import { z } from "zod";
import { address } from "./addresses.ts";
import { want } from "./units.ts";

/** How the alerts reach Prometheus, and what they lead to. */
export const alerts = z.strictObject({
  rules: z
    .enum(["prometheusRule", "none"], want('"prometheusRule" or "none"'))
    .default("prometheusRule")
    .describe(
      "How rules and alerts reach Prometheus: as a PrometheusRule, which the Prometheus operator loads, or not at all. " +
        "The same rules stand in rendered/<environment>.rules.yaml for a Prometheus without the operator.",
    ),
  runbooks: address("the address of the runbooks")
    .default("docs/runbooks.md")
    .describe(
      "Where docs/runbooks.md is to be read: the URL of its page in your repository. Each alert leads to its heading there.",
    ),
});

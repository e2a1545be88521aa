import { series } from "./selectors.ts";
import { percentage, prom, type Signal } from "./signal.ts";

const legend = "{{client}} → {{server}}";

/** Calls from one service to another. */
export function graphSignals() {
  return {
    topology: {
      title: "AI Service Topology",
      description:
        "Who calls whom, with calls per second and errors, over the dashboard's time range. Ollama and PostgreSQL send no " +
        "spans: they appear as their callers see them, always read 0 ms here, and show up about as late as the longest " +
        "answer may take. Their duration is in the row Service graph.",
      queries: [{ language: "service-map" }],
      needs: ["openWebui", "litellm"],
    },
    edgeRate: {
      title: "Calls between services",
      description: "Calls per second from one service to another, as drawn in the topology.",
      unit: "reqps",
      queries: [prom(`sum by (client, server) (rate(${series.edges}_total[$interval]))`, legend)],
      needs: ["openWebui", "litellm"],
    },
    edgeErrors: {
      title: "Failed calls between services",
      description:
        "Share of those calls that either side marked as an error. Between Open WebUI and LiteLLM a 401 or 429 counts too.",
      unit: "percent",
      queries: [
        prom(
          percentage(
            `sum by (client, server) (rate(${series.edges}_failed_total[$interval]))`,
            `sum by (client, server) (rate(${series.edges}_total[$interval]))`,
          ),
          legend,
        ),
      ],
      needs: ["openWebui", "litellm"],
    },
    edgeDuration: {
      title: "Duration of calls between services",
      description:
        "Average time the caller waited. Open WebUI stops its clock at the response headers, so a streamed answer looks " +
        "shorter there than LiteLLM's own time.",
      unit: "s",
      queries: [
        prom(
          `sum by (client, server) (rate(${series.edges}_client_seconds_sum[$interval]))` +
            ` / sum by (client, server) (rate(${series.edges}_client_seconds_count[$interval]))`,
          legend,
        ),
      ],
      needs: ["openWebui", "litellm"],
    },
  } as const satisfies Record<string, Signal>;
}

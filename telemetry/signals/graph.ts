import { labels, names } from "../metrics.ts";
import { histogram } from "./histogram.ts";
import { all, rate, sum } from "./promql.ts";
import { edgeConditions } from "./selectors.ts";
import { percentage, prom, type Signal, type SignalOptions } from "./signal.ts";

const legend = `{{${labels.client}}} → {{${labels.server}}}`;
const ends = [labels.client, labels.server] as const;
const edges = (series: string) => sum(rate(series, edgeConditions), ...ends);

/** Calls from one service to another. */
export function graphSignals({ histograms }: Pick<SignalOptions, "histograms">) {
  const seconds = histogram(histograms, names.edgeClientSeconds, (series, ...matchers) =>
    rate(series, all(edgeConditions, ...matchers)),
  );
  return {
    topology: {
      title: "AI Service Topology",
      description:
        "Who calls whom, with calls per second and errors, over the dashboard's time range. Ollama and PostgreSQL send no " +
        "spans: they appear as their callers see them, always read 0 ms here, and show up about as late as the longest " +
        "answer may take. Their duration is in the row Service graph. A database stands under the host's name by which " +
        "it is reached; Open WebUI's calls to it are connections, not statements.",
      queries: [{ language: "service-map", text: `{${edgeConditions}}`, histograms }],
    },
    edgeRate: {
      title: "Calls between services",
      description: "Calls per second from one service to another, as drawn in the topology.",
      unit: "reqps",
      queries: [prom(edges(names.edges), legend)],
    },
    edgeErrors: {
      title: "Failed calls between services",
      description:
        "Share of those calls that either side marked as an error. Between Open WebUI and LiteLLM every 4xx counts too, " +
        "and an answer that broke off.",
      unit: "percent",
      queries: [prom(percentage(edges(names.failedEdges), edges(names.edges)), legend)],
    },
    edgeDuration: {
      title: "Duration of calls between services",
      description:
        "Average time the caller waited. Open WebUI stops its clock at the response headers, so a streamed answer looks " +
        "shorter there than LiteLLM's own time.",
      unit: "s",
      queries: [prom(`${seconds.total(...ends)} / ${seconds.count(...ends)}`, legend)],
    },
  } as const satisfies Record<string, Signal>;
}

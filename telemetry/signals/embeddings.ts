import { attributes, traceql } from "../attributes.ts";
import { failedShare, selectors } from "./selectors.ts";
import { prom, traceMetrics, type Signal, type SignalOptions } from "./signal.ts";

/**
 * Embeddings, which LiteLLM asks Ollama for without a span of the call: their model stands on the request alone, where
 * it is no label of metrics, since a caller writes it.
 */
export function embeddingSignals(options: SignalOptions) {
  const { embeddingRequests, embeddingFilter } = selectors(options);
  const answered = `{ ${embeddingFilter} && span:status != error && ${traceql(attributes.requestModel)} != nil }`;
  const byModel = `by (${traceql(attributes.requestModel)})`;
  return {
    embeddingRate: {
      title: "Embeddings by model",
      description: "Requests for embeddings in each minute, by model, those that went well.",
      unit: "short",
      queries: [traceMetrics(`${answered} | count_over_time() ${byModel}`, 60)],
    },
    embeddingDuration: {
      title: "Duration of embeddings",
      description: "Average time of a request for embeddings in each minute, by model.",
      unit: "s",
      queries: [traceMetrics(`${answered} | avg_over_time(span:duration) ${byModel}`, 60)],
    },
    embeddingErrors: {
      title: "Failed embeddings",
      description: "Share of LiteLLM's requests for embeddings that the platform failed.",
      unit: "percent",
      queries: [prom(failedShare(embeddingRequests), "failed")],
    },
  } as const satisfies Record<string, Signal>;
}

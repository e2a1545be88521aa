import { allCollectorMetrics } from "./collector.ts";
import { applicationMetrics } from "./application-metrics.ts";
import { operationalMetrics, volumeMetrics } from "./operational.ts";
import { recordedMetrics } from "./recordings.ts";
import type { Signal } from "./signals.ts";

/**
 * What a signal's answers are made of: the applications' traces, what they measure themselves, what Prometheus scrapes of Tempo, of the
 * collector or of kubelet, or what its rules record.
 */
export type Origin = "traces" | "applications" | "tempo" | "collector" | "kubelet" | "rules";

/** Where the answers to a signal come from. */
export function originOf({ queries }: Pick<Signal, "queries">): Origin {
  const asks = (metrics: readonly { readonly name: string }[]) =>
    metrics.some(({ name }) =>
      queries.some(
        ({ language, text = "" }: { language: string; text?: string }) =>
          language === "promql" && new RegExp(`(?<![\\w:])${name}(_count|_bucket|_sum)?\\{`).test(text),
      ),
    );
  if (asks(recordedMetrics)) return "rules";
  if (asks(Object.values(applicationMetrics))) return "applications";
  if (asks(Object.values(volumeMetrics))) return "kubelet";
  if (asks(allCollectorMetrics)) return "collector";
  return asks(operationalMetrics) ? "tempo" : "traces";
}

import { metricsOfApplications } from "../../telemetry/application-metrics.ts";
import { attributes, type Attribute } from "../../telemetry/attributes.ts";
import type { Generator } from "../../telemetry/generator.ts";
import { operationalMetrics } from "../../telemetry/operational.ts";
import { recordedMetrics } from "../../telemetry/recordings.ts";
import { metrics, type Metric } from "../../telemetry/metrics.ts";

/** What a query may ask for: everything else does not exist, and a query for it shows nothing. */
export interface Contract {
  readonly attributes: readonly Attribute[];
  readonly metrics: readonly Metric[];
}

/** The contract that follows from the generator's settings, with what the applications measure, Tempo says of itself and the rules record. */
export const contractOf = (generator: Generator): Contract => ({
  attributes: Object.values(attributes),
  metrics: [
    ...metrics(generator),
    ...metricsOfApplications(generator.histograms),
    ...recordedMetrics,
    ...operationalMetrics,
  ],
});

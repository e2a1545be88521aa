import { collectorQueries } from "../telemetry/signals/collector.ts";
import { windowText, type RuleOptions } from "../telemetry/recordings.ts";
import { both, type Alert } from "./alert.ts";

/** Values from which on something is wrong with the collector. Each alert's runbook says why it is that one. */
export const collectorLimits = {
  /** Share of a queue that is filled, below which its forecast counts for nothing. */
  filling: 0.1,
  /** Hours ahead for which the queue must have room. */
  fillingHours: 4,
  /** Share of a queue that is as good as full. */
  full: 0.9,
} as const;

/** Alerts about the collector: that telemetry gets lost before a store, or soon will. None where there is no collector. */
export function collectorAlerts(options: RuleOptions): readonly Alert[] {
  const { collector, namespace, windowScale = 1 } = options;
  if (!collector) return [];
  const queries = collectorQueries(options);
  const window = (seconds: number) => windowText(seconds, options);
  const panel = (title: string) => ({ dashboard: "llm-tracing-health", title }) as const;
  const hours = collectorLimits.fillingHours;
  const missing: Alert = {
    name: "CollectorReplicaMissing",
    severity: "warning",
    text: `${queries.replicas} < ${collector.replicas}`,
    forSeconds: 900,
    summary: "A replica of the collector is missing.",
    description: `{{ $value }} of ${collector.replicas} collectors in ${namespace} have been scraped for 15 minutes. What waits in the queue of the missing one is not delivered.`,
    panel: panel("Collectors"),
  };
  return [
    {
      name: "CollectorDown",
      severity: "critical",
      text: queries.down,
      forSeconds: 300,
      summary: "No collector runs, or Prometheus reaches none.",
      description: `No collector in the namespace ${namespace} has been scraped for 5 minutes. While none runs, traces, metrics and logs are lost.`,
      panel: panel("Collectors"),
    },
    // One that is missing is none.
    ...(collector.replicas > 1 ? [missing] : []),
    {
      name: "CollectorRefusing",
      severity: "warning",
      text: `${queries.refusedAll(window(300))} > 0`,
      forSeconds: 300,
      summary: "The collector refuses what applications send.",
      description:
        'The collector answered {{ $value | printf "%.0f" }} spans, metric points and log records with an error within 5 minutes. Applications try again for a minute, then drop them.',
      panel: panel("Refused by the collector"),
    },
    {
      name: "CollectorExporterFailing",
      severity: "warning",
      text: queries.stuck(window(300)),
      forSeconds: 300,
      summary: "The collector delivers nothing to {{ $labels.exporter }}.",
      description:
        "{{ $value }} of the collectors sent nothing through {{ $labels.exporter }} for 5 minutes, while something waits. Nothing is lost until the queue is full.",
      panel: panel("Queues filled"),
    },
    {
      name: "CollectorQueueFilling",
      severity: "warning",
      text: both(
        `${queries.filled} > ${collectorLimits.filling}`,
        `${queries.filledLater(window(1800), hours * 3600 * windowScale)} > 1`,
      ),
      forSeconds: 600,
      summary: `The collector's queue to {{ $labels.exporter }} will be full within ${hours} hours.`,
      description: `{{ $value | humanizePercentage }} of a queue to {{ $labels.exporter }} is filled. If it fills on as in the last 30 minutes, it is full within ${hours} hours; then the collector refuses.`,
      panel: panel("Queues filled"),
    },
    {
      name: "CollectorQueueFull",
      severity: "critical",
      text: `${queries.filled} > ${collectorLimits.full}`,
      forSeconds: 60,
      summary: "The collector's queue to {{ $labels.exporter }} is full.",
      description:
        "{{ $value | humanizePercentage }} of a queue to {{ $labels.exporter }} is filled. What does not fit is refused, and lost after a minute.",
      panel: panel("Queues filled"),
    },
    {
      name: "CollectorDropping",
      severity: "critical",
      text: `${queries.droppedOf(["spans", "log_records"], window(900), window(86_400))} > 0`,
      forSeconds: 0,
      summary: "The collector loses what {{ $labels.exporter }} is to send.",
      description:
        '{{ $value | printf "%.0f" }} spans or log records of 15 minutes were refused for good by the store behind {{ $labels.exporter }}. They are lost.',
      panel: panel("Lost at a store"),
    },
    // Totals: the next points carry what lost ones did, and after an outage Prometheus refuses some for their order.
    {
      name: "CollectorDroppingMetrics",
      severity: "warning",
      text: `${queries.droppedOf(["metric_points"], window(300), window(86_400))} > 0`,
      forSeconds: 900,
      summary: "The collector loses what {{ $labels.exporter }} is to send.",
      description:
        '{{ $value | printf "%.0f" }} points of metrics of 5 minutes are lost, and some were for 15 minutes: Prometheus refused them for good, or did not take them for ten minutes.',
      panel: panel("Lost at a store"),
    },
  ];
}

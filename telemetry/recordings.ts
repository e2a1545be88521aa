import { applicationMetrics, formOf } from "./application-metrics.ts";
import { labels, names, type Metric } from "./metrics.ts";
import { histogram } from "./signals/histogram.ts";
import { all, rate, sum } from "./signals/promql.ts";
import { rateOf, selectors } from "./signals/selectors.ts";
import type { SignalOptions } from "./signals/signal.ts";

/** What the recording rules and the alerts of one installation follow from. */
export interface RuleOptions extends Pick<
  SignalOptions,
  "environment" | "namespace" | "services" | "objectives" | "histograms" | "roles"
> {
  /**
   * The collector that applications send to.
   *
   * @default none, they send to Tempo itself
   */
  readonly collector?: { readonly replicas: number };
  /**
   * How much shorter every window is than its name says, to see rules fire in a test.
   *
   * @default 1
   */
  readonly windowScale?: number;
}

/** Seconds between two evaluations of the rules. */
export const evaluationSeconds = 30;

/** Series that Prometheus makes of others, so that windows of days are asked of a few series and not of hundreds. */
export interface Recording {
  /** As `level:metric:operations` (prometheus.io/docs/practices/rules). */
  readonly name: string;
  readonly text: string;
  readonly metric: Metric;
}

/** Names of the recorded series: requests for an answer, and answers that began to stream, per second, over five minutes. */
export const recorded = {
  served: "environment:llm_answers_served:rate5m",
  failed: "environment:llm_answers_failed:rate5m",
  slow: "environment:llm_answers_slow:rate5m",
  begun: "environment:llm_streams_begun:rate5m",
  late: "environment:llm_streams_late:rate5m",
} as const;

const descriptions: Readonly<Record<keyof typeof recorded, string>> = {
  served: "Requests for an answer that were not refused, per second.",
  failed: "Those that the platform failed.",
  slow: "Those that took longer than the objective of latency says.",
  begun: "Answers that began to stream, per second, as LiteLLM counts them.",
  late: "Those that began later than the objective of the first token says.",
};

/** The recorded series as metrics, by which queries are checked. */
export const recordedMetrics: readonly Metric[] = Object.entries(recorded).map(([key, name]) => ({
  name,
  type: "gauge",
  unit: "per second",
  description: descriptions[key as keyof typeof recorded],
  labels: [labels.environment],
}));

/**
 * The recording rules. Each counts 0, not nothing, while there are requests, or streams: so that averages of them can be
 * compared. There are no streams where there is no objective for them.
 */
export function recordings(
  options: RuleOptions,
): readonly { readonly name: string; readonly text: string }[] {
  const { answerRequests } = selectors(options, options.environment);
  const window = windowText(300, options);
  const bySeries = (what: string) => sum(what, labels.environment);
  const seconds = histogram(options.histograms, names.latency, (series, ...matchers) =>
    rateOf(series, all(answerRequests, ...matchers), "served", window),
  );
  const served = bySeries(rateOf(names.calls, answerRequests, "served", window));
  return [
    { name: recorded.served, text: served },
    {
      name: recorded.failed,
      text: `${bySeries(rateOf(names.calls, answerRequests, "failed", window))} or 0 * ${served}`,
    },
    {
      name: recorded.slow,
      text: seconds.beyond(options.objectives.latency.underSeconds, labels.environment),
    },
    ...streams(options),
  ];
}

function streams(options: RuleOptions): ReturnType<typeof recordings> {
  const { firstToken } = options.objectives;
  if (!firstToken) return [];
  const { firstTokenSeconds } = applicationMetrics;
  const { measuredBy } = selectors(options, options.environment);
  const seconds = histogram(
    formOf(firstTokenSeconds, options.histograms),
    firstTokenSeconds.name,
    (series, ...matchers) => rate(series, all(measuredBy("litellm"), ...matchers), windowText(300, options)),
  );
  return [
    { name: recorded.begun, text: seconds.count(labels.environment) },
    {
      name: recorded.late,
      // LiteLLM makes its buckets wider as times differ more, and what lies at the bound may change sides: that is no growth.
      text: `clamp_min(${seconds.beyond(firstToken.underSeconds, labels.environment)}, 0)`,
    },
  ];
}

/** A length of time in PromQL, after the scale of the rules. */
export function windowText(seconds: number, { windowScale = 1 }: Pick<RuleOptions, "windowScale">): string {
  const scaled = Math.round(seconds * windowScale);
  const [unit, size] = (
    [
      ["d", 86400],
      ["h", 3600],
      ["m", 60],
    ] as const
  ).find(([, size]) => scaled % size === 0) ?? ["s", 1];
  return `${scaled / size}${unit}`;
}

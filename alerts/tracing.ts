import { operationQueries } from "../telemetry/signals/operation.ts";
import { windowText, type RuleOptions } from "../telemetry/recordings.ts";
import { both, when, type Alert } from "./alert.ts";
import { tempoWords } from "./tracing-words.ts";

/** Values from which on something is wrong with the tracing. Each alert's runbook says why it is that one. */
export const limits = {
  /** Fewer calls or questions than these say nothing of a share. */
  enough: 20,
  /** Of the spans that came in, in percent. */
  uncounted: 1,
  /** Of the calls between services, in percent. */
  expired: 5,
  /** Of the questions to Tempo, in percent. */
  queriesFailed: 5,
  /** Seconds by which remote write may be behind; it sends every 15 s. */
  behindSeconds: 120,
  /** Share of the volume that must be left. */
  volumeLeft: 0.05,
  /** Hours ahead that the volume must last. */
  volumeHours: 24,
  /** Share of the volume below which its forecast counts: a young volume fills fast and means nothing. */
  volumeForecastBelow: 0.5,
  /** Starts within an hour. */
  restarts: 2,
  /** Errors, more than two of which are no chance: single ones are tried again. Growth is extrapolated, and two may read 2.01. */
  errors: 2.5,
  /** Hours in which at least one search for old blocks must run. */
  retentionHours: 3,
} as const;

/** Alerts about the tracing itself: that spans get lost, numbers are wrong, or Tempo does not do its work. */
export function tracingAlerts(options: RuleOptions): readonly Alert[] {
  const queries = operationQueries(options);
  const window = (seconds: number) => windowText(seconds, options);
  const scaled = (seconds: number) => seconds * (options.windowScale ?? 1);
  const five = window(300);
  const quarter = window(900);
  const hour = window(3600);
  const { namespace } = options;
  const health = (title: string) => ({ dashboard: "llm-tracing-health", title }) as const;
  const words = tempoWords(options);
  const { volume } = words;
  return [
    {
      name: "TempoDown",
      severity: "critical",
      text: queries.down,
      forSeconds: 300,
      summary: "Tempo is down, or Prometheus does not reach it.",
      description: `No Tempo in the namespace ${namespace} has been scraped for 5 minutes. While it is down, ${options.collector ? "the collectors keep the spans until their queues are full," : "spans are lost"} and the dashboards stand still.`,
      panel: health("Up"),
    },
    {
      name: "TempoRestarting",
      severity: "warning",
      text: `${queries.restarts(hour)} >= ${limits.restarts}`,
      forSeconds: 0,
      ...words.restarting,
      panel: health("Restarts"),
    },
    {
      name: "TempoReceivesNothing",
      severity: "warning",
      text: when(
        `(${queries.receivedOver(quarter)}) == 0`,
        `${queries.uptime("distributor")} > ${scaled(900)}`,
      ),
      forSeconds: 0,
      summary: "No spans reach Tempo.",
      description: `Tempo in ${namespace} is up, and no span has come in for 15 minutes. An idle Open WebUI sends some every 15 s.`,
      panel: health("Spans received"),
    },
    {
      name: "LLMTracesMissing",
      severity: "warning",
      text: `${queries.chats(quarter)} >= ${options.objectives.minimumRequests} unless on () ${queries.litellmRequests(quarter)} > 0`,
      forSeconds: 0,
      summary: "LiteLLM sends no spans, although Open WebUI answers chats.",
      description:
        'Open WebUI answered {{ $value | printf "%.0f" }} chats within 15 minutes, and no span of LiteLLM\'s came in.',
      panel: { dashboard: "llm-tracing", title: "Request Rate" },
    },
    {
      name: "TempoSpansRefused",
      severity: "warning",
      text: `${queries.refused(five)} > 0`,
      forSeconds: 300,
      summary: "Tempo refuses spans.",
      description:
        'Tempo answered {{ $value | printf "%.0f" }} spans with an error within 5 minutes ({{ $labels.transport }}). ' +
        (options.collector
          ? "The collector keeps them and tries again."
          : "Applications try again for a minute, then drop them."),
      panel: health("Spans refused and discarded"),
    },
    {
      name: "TempoSpansDiscarded",
      severity: "warning",
      text: `${queries.discardedOf(quarter, window(86_400))} > 0`,
      forSeconds: 0,
      summary: "Tempo discards spans: {{ $labels.reason }}.",
      description:
        '{{ $value | printf "%.0f" }} spans that came in within 15 minutes are not stored: {{ $labels.reason }}.',
      panel: health("Spans refused and discarded"),
    },
    {
      name: "TempoSpansNotCounted",
      severity: "warning",
      text: `${queries.uncounted(quarter)} > ${limits.uncounted}`,
      forSeconds: 900,
      summary: "Spans are stored and not counted: {{ $labels.reason }}.",
      description:
        "{{ $value | humanize }} % of the spans of 15 minutes are not in the metrics: {{ $labels.reason }}. Rates and percentiles are too low by that; traces are complete.",
      panel: health("Spans not counted"),
    },
    {
      name: "TempoSeriesLimited",
      severity: "warning",
      text: `${queries.limited(quarter)} > 0`,
      forSeconds: 0,
      summary: "Tempo makes more series than it may keep.",
      description:
        '{{ $value | printf "%.0f" }} series were one too many within 15 minutes (tempo.maxActiveSeries): what they count is counted under no model, route or code.',
      panel: health("Series"),
    },
    {
      name: "TempoEdgesExpiring",
      severity: "warning",
      text: both(
        `${queries.expired(quarter)} > ${limits.expired}`,
        `${queries.edges(quarter)} >= ${limits.enough}`,
      ),
      forSeconds: 900,
      summary: "The topology is incomplete.",
      description:
        "{{ $value | humanize }} % of the calls between services had no other half within 15 minutes.",
      panel: health("Calls without their other half"),
    },
    {
      name: "TempoRemoteWriteFailing",
      severity: "critical",
      text: `${queries.samplesFailed(five)} > 0`,
      forSeconds: 300,
      summary: "Prometheus refuses what Tempo writes.",
      description:
        'Prometheus refused {{ $value | printf "%.0f" }} samples for good within 5 minutes. They are missing from every graph.',
      panel: health("Samples sent and retried"),
    },
    {
      name: "TempoRemoteWriteBehind",
      severity: "warning",
      text: `${queries.behind} > ${limits.behindSeconds}`,
      forSeconds: 300,
      summary: "Tempo's metrics reach Prometheus late.",
      description: `What Prometheus has of Tempo's metrics is {{ $value | humanizeDuration }} old. ${words.unsent}`,
      panel: health("Remote write behind"),
    },
    {
      name: "TempoBlocksNotStored",
      severity: "critical",
      text: both(
        `${queries.flushesFailed(hour)} > ${limits.errors}`,
        `${queries.flushesFailed(quarter)} > 0`,
      ),
      forSeconds: 300,
      summary: words.notStored.summary,
      description: `{{ $value | printf "%.0f" }} attempts to complete or store a block failed within an hour. ${words.notStored.then}`,
      panel: health("Failures of storage"),
    },
    {
      name: "TempoTracesNotWritten",
      severity: "critical",
      text: queries.unwritten(window(300)),
      forSeconds: 300,
      ...words.notWritten,
      panel: health("Failures of storage"),
    },
    {
      name: "TempoMetricsNotWritten",
      severity: "critical",
      text: `${queries.collectionsFailed(quarter)} > ${limits.errors}`,
      forSeconds: 0,
      summary: "Tempo cannot write down the metrics that it makes.",
      description:
        '{{ $value | printf "%.0f" }} of the collections of 15 minutes failed (there is one every 15 s). Rates and percentiles are too low by that.',
      panel: health("Failures of storage"),
    },
    {
      name: "TempoCompactionFailing",
      severity: "warning",
      text: `${queries.compactionErrors(hour)} > ${limits.errors}`,
      forSeconds: 300,
      summary: "Tempo cannot compact its blocks.",
      description: '{{ $value | printf "%.0f" }} compactions failed within an hour. Searches become slower.',
      panel: health("Failures of storage"),
    },
    {
      name: "TempoRetentionFailing",
      severity: "warning",
      text: `${queries.retentionErrors(hour)} > ${limits.errors}`,
      forSeconds: 300,
      summary: "Tempo cannot delete old traces.",
      description:
        '{{ $value | printf "%.0f" }} deletions of old blocks failed within an hour. Storage grows beyond what the retention needs.',
      panel: health("Failures of storage"),
    },
    {
      name: "TempoRetentionStuck",
      severity: "warning",
      text: when(
        `${queries.retentionRuns(window(limits.retentionHours * 3600))} == 0`,
        `${queries.uptime("backend-scheduler")} > ${scaled(limits.retentionHours * 3600)}`,
      ),
      forSeconds: 300,
      summary: "Tempo no longer looks for old traces.",
      description: `Tempo has not looked for old blocks for ${limits.retentionHours} hours. Storage grows beyond what the retention needs.`,
      panel: health("Failures of storage"),
    },
    {
      name: "TempoQueriesFailing",
      severity: "warning",
      text: both(
        `${queries.queriesFailed(quarter)} > ${limits.queriesFailed}`,
        `${queries.asked(quarter)} >= ${limits.enough}`,
      ),
      forSeconds: 300,
      summary: "Tempo fails to answer questions.",
      description:
        "Tempo answered {{ $value | humanize }} % of the questions of 15 minutes with a 5xx. Panels of traces are empty or show errors.",
      panel: health("Questions that failed"),
    },
    {
      name: "TempoVolumeFull",
      severity: "critical",
      text: `${queries.volumeLeft} / ${queries.volumeSize} < ${limits.volumeLeft}`,
      forSeconds: 60,
      summary: volume.full,
      description: `{{ $value | humanizePercentage }} of ${volume.which} is left. ${volume.whenFull}`,
      panel: health("Volume left"),
    },
    {
      name: "TempoVolumeFilling",
      severity: "warning",
      text: both(
        `${queries.volumeLeft} / ${queries.volumeSize} < ${limits.volumeForecastBelow}`,
        `${queries.volumeForecast(window(6 * 3600), scaled(limits.volumeHours * 3600))} < 0`,
      ),
      forSeconds: 3600,
      summary: volume.filling,
      description: `{{ $value | humanizePercentage }} of ${volume.which} is left. If it fills on as in the last 6 hours, it is full within ${limits.volumeHours} hours; ${volume.then}`,
      panel: health("Volume left"),
    },
  ];
}

import { attributes } from "../../telemetry/attributes.ts";
import { processors } from "../../telemetry/generator.ts";
import { searchDelaySeconds } from "../../telemetry/signals.ts";
import { formatSeconds } from "../../terminal/duration.ts";
import type { Evidence, TempoCounters } from "./evidence.ts";

/** The likely cause of a failure, and what to do. */
export interface Cause {
  readonly cause: string;
  readonly todo: string;
}

/** What the servers told before the trace was sent, and after the checks. */
export interface BeforeAfter {
  readonly before: Evidence;
  readonly after: Evidence;
}

/** A date header has whole seconds, and an answer takes its time. */
const slackUncertainty = 2;

/** Why a trace that OTLP took is not in Tempo. */
export function causeOfLostTrace({ before, after }: BeforeAfter): Cause {
  const reasons = Object.keys(after.tempo?.discarded ?? {}).filter(
    (reason) => grew(before, after, ({ discarded }) => discarded[reason] ?? 0) > 0,
  );
  if (reasons.length > 0) {
    return {
      cause: `Tempo drops spans: ${reasons.join(", ")} (its metric tempo_discarded_spans_total).`,
      todo: "Raise that limit in Tempo's overrides, or send less.",
    };
  }
  return (
    causeInCollector(before, after) ?? {
      cause:
        "Another Tempo was asked than was sent to, or a collector between drops spans or gives them another tenant.",
      todo: "Compare --otlp with --tempo; look at the log of Tempo and of what stands before it.",
    }
  );
}

/** What the collector did not pass on, by its own word, as Prometheus scraped it last. */
function causeInCollector(before: Evidence, after: Evidence): Cause | undefined {
  const { collector } = after;
  if (!collector) return undefined;
  if (collector.dropped > (before.collector?.dropped ?? 0)) {
    return {
      cause:
        "Tempo refused for good what the collector sent it (its metric otelcol_exporter_send_failed_spans).",
      todo: "Look at the collector's log for \"Dropping data\", which has Tempo's words.",
    };
  }
  if (collector.filled === 0) return undefined;
  return {
    cause: `It waits in the collector: ${Number((100 * collector.filled).toPrecision(2))} % of a queue to Tempo is filled.`,
    todo: 'Look at the collector\'s log for "Exporting failed": it delivers what waits once Tempo takes spans again.',
  };
}

/** Why a trace that is there by its id is not found by search. */
export const causeOfFailedSearch = ({ after }: BeforeAfter): Cause =>
  causeInClocks(after, 60) ?? {
    cause: `Tempo searches traces ${searchDelaySeconds} s after their last span; it is longer when Tempo is overloaded.`,
    todo: "Try a longer --deadline; look at Tempo's log and at its memory.",
  };

/** Why there are no metrics of a trace. */
export const causeOfMissingMetrics = (evidence: BeforeAfter): Cause =>
  sureCause(evidence) ?? {
    cause:
      `Tempo writes its metrics to ${evidence.after.tempo?.remoteWriteUrl ?? "another Prometheus"}, which may not be ` +
      "the one that was asked; or its metrics generator is off, or Prometheus's remote-write receiver.",
    todo: "Compare the setting prometheus.remoteWriteUrl with --prometheus; look at Tempo's log for remote write.",
  };

/** What keeps metrics away for certain, by the servers' own word. */
const sureCause = ({ before, after }: BeforeAfter): Cause | undefined =>
  causeInClocks(after, after.slackSeconds) ??
  causeInGenerator(before, after) ??
  causeInRemoteWrite(before, after);

function causeInRemoteWrite(before: Evidence, after: Evidence): Cause | undefined {
  if (after.remoteWriteReceiver === false) {
    return {
      cause: "Prometheus runs without its remote-write receiver.",
      todo: "Set enableRemoteWriteReceiver in the Prometheus resource (--web.enable-remote-write-receiver).",
    };
  }
  if (grew(before, after, ({ unwrittenSamples }) => unwrittenSamples) > 0) {
    return {
      cause: `Tempo's writes to ${after.tempo?.remoteWriteUrl ?? "Prometheus"} fail.`,
      todo: "Its log says why: credentials, a NetworkPolicy, or Prometheus's remote-write receiver is off.",
    };
  }
  return undefined;
}

function causeInGenerator(before: Evidence, after: Evidence): Cause | undefined {
  const { tempo, slackSeconds } = after;
  // What Prometheus has not scraped since tells nothing of the trace.
  if (!tempo || !before.tempo || tempo.time <= before.tempo.time) return undefined;
  const off = processors.filter((processor) => !tempo.processors.includes(processor));
  if (off.length > 0 || grew(before, after, ({ generatorSpans }) => generatorSpans) <= 0) {
    return {
      cause:
        off.length > 0
          ? `Tempo's metrics generator does not run ${off.join(" and ")}.`
          : "Tempo's metrics generator gets no spans.",
      todo: "Run Tempo with the configuration of this stack: its overrides switch both processors on.",
    };
  }
  if (grew(before, after, ({ outsideSlack }) => outsideSlack) > 0) {
    return {
      cause: `Spans reach Tempo more than ${formatSeconds(slackSeconds)} after their end, and are not counted.`,
      todo: "Set the clocks by NTP; let no collector hold spans back for long.",
    };
  }
  if (grew(before, after, ({ limitedSeries }) => limitedSeries) > 0) {
    return {
      cause: "Tempo's metrics generator has as many series as it may have.",
      todo: "Raise tempo.maxActiveSeries.",
    };
  }
  return undefined;
}

/** Why there is no edge between two services that both send spans. */
export const causeOfMissingEdge = (evidence: BeforeAfter): Cause =>
  sureCause(evidence) ?? {
    cause:
      "The two halves of the call did not meet: several Tempos without a shared trace routing, or v1 of LiteLLM's tracing.",
    todo: "Run one Tempo; for real traffic set LITELLM_OTEL_V2=true at LiteLLM and OTEL_PROPAGATORS at Open WebUI.",
  };

/** Why there is no edge to a service that sends no spans. */
export function causeOfMissingNode(evidence: BeforeAfter, waited: number, longestAnswer: number): Cause {
  const sure = sureCause(evidence);
  if (sure) return sure;
  const arrival = longestAnswer + 45;
  return waited < arrival
    ? {
        cause: `It appears tempo.longestAnswer (${formatSeconds(longestAnswer)}) after the call, and was waited for ${formatSeconds(waited)}.`,
        todo: `Give --deadline ${Math.ceil((arrival + 30) / 60)}m; or --longest-answer, if Tempo's service_graphs.wait is shorter.`,
      }
    : {
        cause: `Tempo's peer_attributes lack ${attributes.provider.name}, or its service_graphs.wait is longer than tempo.longestAnswer.`,
        todo: "Run Tempo with the configuration of this stack and environment, or give --longest-answer.",
      };
}

/** Why there is no exemplar. */
export const causeOfMissingExemplar = ({ after: { exemplarStorage } }: BeforeAfter): Cause =>
  exemplarStorage === false
    ? {
        cause: "Prometheus runs without exemplar storage.",
        todo: "Add exemplar-storage to enableFeatures of the Prometheus resource (--enable-feature=exemplar-storage).",
      }
    : {
        cause: "Exemplar storage is off in Prometheus, or full; or what stands between drops exemplars.",
        todo: "Add exemplar-storage to Prometheus's features; see prometheus_tsdb_exemplar_max_exemplars.",
      };

/** A clock that is too far off this one's, by which the trace was dated. */
function causeInClocks({ skewSeconds, slackSeconds }: Evidence, tolerance: number): Cause | undefined {
  const skew = skewSeconds["Tempo"];
  if (skew === undefined || Math.abs(skew) < tolerance - slackUncertainty) return undefined;
  return {
    cause:
      `Tempo's clock is ${formatSeconds(Math.round(Math.abs(skew)))} ${skew > 0 ? "ahead of" : "behind"} this machine's, ` +
      `which dates the trace; Tempo counts only spans that ended within ${formatSeconds(slackSeconds)}.`,
    todo: "Set both clocks by NTP, or run this where the clock is right.",
  };
}

function grew(before: Evidence, after: Evidence, count: (counters: TempoCounters) => number): number {
  return before.tempo && after.tempo ? count(after.tempo) - count(before.tempo) : 0;
}

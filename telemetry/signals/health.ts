import { tempoRoles } from "../tempo-roles.ts";
import { sum, valuesOf } from "./promql.ts";
import { operationQueries } from "./operation.ts";
import { prom, whenBusy, type Signal, type SignalOptions } from "./signal.ts";

const interval = "$interval";

/** How the tracing itself does, for those who run Tempo: what its own metrics and kubelet's say. */
export function healthSignals(options: SignalOptions) {
  const queries = operationQueries(options);
  const { roles } = options;
  /** Of several processes the whole. */
  const whole = (byPod: string) => (roles ? sum(byPod) : byPod);
  const least = (byClaim: string) => (roles ? `min(${byClaim})` : byClaim);
  return {
    tempoUp: {
      title: "Up",
      description: roles
        ? "Pods of all roles that Prometheus reaches. Nothing: nobody scrapes Tempo."
        : "1 while Prometheus reaches Tempo, 0 while it does not. Nothing: nobody scrapes Tempo.",
      unit: "short",
      queries: [prom(queries.up, "up")],
    },
    tempoUptime: {
      title: "Up since",
      description: roles
        ? "Time since the newest of Tempo's processes began."
        : "Time since Tempo's process began.",
      unit: "s",
      queries: [prom(queries.youngest, "up since")],
    },
    tempoRestarts: {
      title: "Restarts",
      description: roles
        ? "How often pods of Tempo began anew within the interval. The new pods of an update of a Deployment are others."
        : "How often Tempo began anew within the interval. Each time it takes no spans for about 15 s.",
      unit: "short",
      queries: [prom(whole(queries.restarts(interval)), "restarts")],
    },
    tempoMemory: {
      title: "Memory",
      description: roles
        ? "Memory of the largest process of each role. At its container's limit it is killed."
        : "Memory of Tempo's process. At the container's limit (tempo.resources.limits.memory) it is killed.",
      unit: "bytes",
      queries: roles
        ? tempoRoles.map((role) => prom(queries.memoryOf(role), role))
        : [prom(queries.memory, "memory")],
    },
    spansReceived: {
      title: "Spans received",
      description: "Spans that came in per second, of every application.",
      unit: "short",
      queries: [prom(queries.received(interval), "spans per second")],
    },
    bytesReceived: {
      title: "Bytes received",
      description: "Bytes of these spans per second, before compression: ingest is limited by bytes.",
      unit: "Bps",
      queries: [prom(queries.receivedBytes(interval), "bytes per second")],
    },
    spansLost: {
      title: "Spans refused and discarded",
      description:
        "Spans within the interval that Tempo answered with an error (refused: applications try again), or took and does " +
        "not store (discarded: they are lost), by reason.",
      unit: "short",
      queries: [
        prom(queries.refused(interval), `refused ${valuesOf("transport")}`),
        prom(queries.discarded(interval), `discarded ${valuesOf("reason")}`),
      ],
    },
    spansUncounted: {
      title: "Spans not counted",
      description:
        "Share of the spans that are stored and left out of the metrics, by reason. outside_metrics_ingestion_slack: they " +
        "ended more than 30 s (of a distributed Tempo 5 minutes) before or after they came in; a clock is wrong, or an exporter was late.",
      unit: "percent",
      queries: [prom(whenBusy(queries.uncounted(interval)), valuesOf("reason"))],
    },
    generatorSeries: {
      title: "Series",
      description: roles
        ? "Series that the generator with the most of them keeps, and the most that each may (tempo.maxActiveSeries)."
        : "Series that the generator keeps, and the most that it may (tempo.maxActiveSeries).",
      unit: "short",
      queries: [prom(queries.series, "series"), prom(queries.maxSeries, "limit")],
    },
    expiredEdges: {
      title: "Calls without their other half",
      description:
        "Share of the calls between services of which Tempo saw one side alone within tempo.longestAnswer. They are missing " +
        "from the topology.",
      unit: "percent",
      queries: [prom(whenBusy(queries.expired(interval)), "expired")],
    },
    samplesWritten: {
      title: "Samples sent and retried",
      description:
        "Samples per second that Tempo writes to Prometheus, those that it had to send again, and those that Prometheus " +
        "refused for good within the interval.",
      unit: "short",
      queries: [
        prom(queries.samplesSent(interval), "sent per second"),
        prom(queries.samplesRetried(interval), "retried per second"),
        prom(queries.samplesFailed(interval), "refused"),
      ],
    },
    remoteWriteBehind: {
      title: "Remote write behind",
      description:
        "Age of the newest sample that Prometheus took from Tempo, beside the newest that there is.",
      unit: "s",
      queries: [prom(queries.behind, roles ? valuesOf("pod") : "behind")],
    },
    searchLatency: {
      title: "Duration of questions",
      description: "Time within which Tempo answered 95 % of the questions, by route of its API.",
      unit: "s",
      queries: [prom(whenBusy(queries.queryDuration(0.95, interval)), valuesOf("route"))],
    },
    queriesFailed: {
      title: "Questions that failed",
      description: "Share of the questions to Tempo that it answered with a 5xx.",
      unit: "percent",
      queries: [prom(whenBusy(queries.queriesFailed(interval)), "failed")],
    },
    storageFailures: {
      title: "Failures of storage",
      description:
        "Traces that came in while Tempo wrote none, blocks that could not be stored, metrics that could not be written down, " +
        "compactions that failed, and old blocks that could not be deleted, within the interval.",
      unit: "short",
      queries: [
        prom(whole(queries.unwritten(interval)), "traces not written"),
        prom(queries.flushesFailed(interval), "blocks not stored"),
        prom(queries.collectionsFailed(interval), "metrics not written"),
        prom(queries.compactionErrors(interval), "not compacted"),
        prom(queries.retentionErrors(interval), "not deleted"),
      ],
    },
    volumeLeft: {
      title: "Volume left",
      description: roles
        ? "What is left of each live-store's volume, and their size, as kubelet says."
        : "What is left of Tempo's volume, and its size, as kubelet says.",
      unit: "bytes",
      queries: [
        prom(queries.volumeLeft, roles ? `left of ${valuesOf("persistentvolumeclaim")}` : "left"),
        prom(roles ? `max(${queries.volumeSize})` : queries.volumeSize, "size"),
      ],
    },
    volumeForecast: {
      title: "Volume left in a day",
      description: roles
        ? "What will be left in a day of the volume that has least then, if it goes on as in the last 6 hours. At 0 its live-store finds no new traces."
        : "What will be left of it in a day, if it goes on as in the last 6 hours. At 0 new traces are lost.",
      unit: "bytes",
      queries: [prom(least(queries.volumeForecast("6h", 86_400)), "left in a day")],
    },
  } as const satisfies Record<string, Signal>;
}

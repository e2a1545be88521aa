import { labels, names } from "../metrics.ts";
import { tempoMetrics as tempo, volumeMetrics } from "../operational.ts";
import type { RuleOptions } from "../recordings.ts";
import type { TempoRole } from "../tempo-roles.ts";
import { tempoTarget, tempoVolume } from "../tempo-target.ts";
import { ofEitherForm } from "./histogram.ts";
import { all, increase, is, matches, matchesNot, rate, sum } from "./promql.ts";
import { selectors } from "./selectors.ts";
import { percentage } from "./signal.ts";

/** Reasons for which the generator leaves spans out on purpose. */
const onPurpose = ".*_filtered";

/** Tempo's routes that Grafana asks; those on which a query-frontend asks queriers begin with `querier_`. */
const queryRoutes = "api_.*";

/** Route on which Open WebUI answers a chat. */
const chatRoute = "/api/chat/completions";

/**
 * Queries about how the tracing itself does; those of a rate or growth take the window, such as `5m`. For alerts, and
 * for the dashboard "Tracing Health". What of a distributed Tempo can go wrong in one pod alone is answered by pod.
 */
export function operationQueries(
  options: Pick<RuleOptions, "environment" | "namespace" | "services" | "roles">,
) {
  const { environment, services, roles } = options;
  const target = tempoTarget(options);
  const volume = tempoVolume(options);
  const each = roles ? ["pod"] : [];
  const byClaim = (what: string) => (roles ? `min by (persistentvolumeclaim) (${what})` : what);
  const now = (metric: { readonly name: string }) => `${metric.name}{${target}}`;
  const growth = (metric: { readonly name: string }, window: string, matchers = target) =>
    increase(metric.name, matchers, window);
  const persecond = (metric: { readonly name: string }, window: string) => rate(metric.name, target, window);
  const { litellmRequests } = selectors(options, environment);
  const chats = all(
    is(labels.environment, environment),
    is(labels.service, services.openWebui),
    is(labels.httpRoute, chatRoute),
    matches(labels.httpStatusCode, "2.."),
  );
  const uncounted = all(target, matchesNot("reason", onPurpose));
  const asked = all(target, matches("route", queryRoutes));
  const compactions = all(target, is("job_type", "JOB_TYPE_COMPACTION"));
  /** Requests to Tempo that meet matchers, or its searches for old blocks, over a window. */
  const count = (metric: { readonly name: string }, window: string, matchers = target) =>
    ofEitherForm(
      metric.name,
      (series) => increase(series, matchers, window),
      (queries) => queries.count(),
    );
  /** When what is delivered of each process was made; until something is, when it began. */
  const sentSinceStart = `${now(tempo.newestSent)} > 0 or ${now(tempo.newestSent)} * 0 + on (pod) group_left () max by (pod) (${now(tempo.started)})`;
  return {
    /** 1 while Tempo is scraped; of a distributed one how many pods are. */
    up: roles ? sum(now(tempo.up)) : now(tempo.up),
    /** 1 when no Tempo is scraped that is up. */
    down: `absent(${now(tempo.up)} == 1)`,
    /** Seconds since Tempo's process began; of a distributed one the first of a role's. */
    uptime: (role: TempoRole) =>
      roles
        ? `time() - min(${tempo.started.name}{${tempoTarget(options, role)}})`
        : `time() - ${now(tempo.started)}`,
    /** Seconds since the newest of its processes began. */
    youngest: `time() - ${roles ? `max(${now(tempo.started)})` : now(tempo.started)}`,
    /** How often it began anew, also as a pod of another address, whose series is another. */
    restarts: (window: string) => `${sum(`changes(${now(tempo.started)}[${window}]) + 1`, ...each)} - 1`,
    /** Memory of its process; of a role the most that a process has. */
    memory: now(tempo.memory),
    memoryOf: (role: TempoRole) => `max(${tempo.memory.name}{${tempoTarget(options, role)}})`,
    /** Spans that came in per second. */
    received: (window: string) => sum(persecond(tempo.received, window)),
    receivedBytes: (window: string) => sum(persecond(tempo.receivedBytes, window)),
    /** Spans that came in; Tempo has no series of them before the first. */
    receivedOver: (window: string) => `${sum(growth(tempo.received, window))} or vector(0)`,
    /** Spans that were answered with an error, by protocol. */
    refused: (window: string) => sum(growth(tempo.refused, window), "transport"),
    /** Spans that are not stored, by reason. */
    discarded: (window: string) => sum(growth(tempo.discarded, window), "reason"),
    /** The same with those that a reason begins with: its series has no 0 before them, so that they are no growth. */
    discardedOf: (window: string, day: string) =>
      sum(
        `${now(tempo.discarded)} unless last_over_time(${now(tempo.discarded)}[${day}] offset ${window}) or ` +
          growth(tempo.discarded, window),
        "reason",
      ),
    /** Share of the spans that are stored and not counted, in percent, by reason. */
    uncounted: (window: string) =>
      `100 * ${sum(growth(tempo.generatorDiscarded, window, uncounted), "reason")} / on () group_left () ${sum(growth(tempo.generatorReceived, window))}`,
    /** Series that were one too many. */
    limited: (window: string) => sum(growth(tempo.limitedSeries, window)),
    /** Series that a generator keeps, and the most that it may: of several the one that has most. */
    series: roles ? `max(${now(tempo.activeSeries)})` : sum(now(tempo.activeSeries)),
    maxSeries: roles ? `max(${now(tempo.maxSeries)})` : sum(now(tempo.maxSeries)),
    /** Samples that Prometheus refused. */
    samplesFailed: (window: string) => sum(growth(tempo.samplesFailed, window)),
    samplesSent: (window: string) => sum(persecond(tempo.samplesSent, window)),
    samplesRetried: (window: string) => sum(persecond(tempo.samplesRetried, window)),
    samplesPending: sum(now(tempo.samplesPending)),
    /** Seconds by which what is delivered is behind what was made. Until something is, its time reads 0. */
    behind: roles
      ? `max by (pod) (${now(tempo.newestSample)}) - on (pod) group_right () max by (pod, remote_name) (${sentSinceStart})`
      : `max(${now(tempo.newestSample)}) - max(${now(tempo.newestSent)} or ${now(tempo.started)})`,
    /** Share of the calls between services whose other half never came, in percent. */
    expired: (window: string) =>
      `100 * ${sum(growth(tempo.expiredEdges, window))} / ${sum(growth(tempo.edges, window))}`,
    /** Calls between services. */
    edges: (window: string) => sum(growth(tempo.edges, window)),
    /** Blocks that could not be completed or stored. */
    flushesFailed: (window: string) =>
      sum(`${growth(tempo.flushesFailed, window)} or ${growth(tempo.flushesFailedOld, window)}`),
    /** Traces that came in while none were written: an error of the volume's that Tempo does not tell its senders of. */
    unwritten: (window: string) =>
      `${sum(growth(tempo.tracesCreated, window), ...each)} > 0 unless on (${each.join(", ")}) ${sum(growth(tempo.blocksCut, window), ...each)} > 0`,
    collectionsFailed: (window: string) => sum(growth(tempo.collectionsFailed, window)),
    /** Compactions that failed: Tempo 3.0 counts them as jobs. */
    compactionErrors: (window: string) =>
      sum(`${growth(tempo.compactionErrors, window)} or ${growth(tempo.jobsFailed, window, compactions)}`),
    retentionErrors: (window: string) => sum(growth(tempo.retentionErrors, window)),
    /** Searches for old blocks. */
    retentionRuns: (window: string) => count(tempo.retentionRuns, window),
    /** Share of the questions to Tempo that it answered with a 5xx, in percent. */
    queriesFailed: (window: string) =>
      percentage(
        count(tempo.requests, window, all(asked, matches("status_code", "5.."))),
        count(tempo.requests, window, asked),
      ),
    /** Questions to Tempo. */
    asked: (window: string) => count(tempo.requests, window, asked),
    queryDuration: (quantile: number, window: string) =>
      ofEitherForm(
        tempo.requests.name,
        (series) => rate(series, asked, window),
        (queries) => queries.quantile(quantile, "route"),
      ),
    /** Bytes that are left on the volume; of several by claim. */
    volumeLeft: byClaim(`${volumeMetrics.available.name}{${volume}}`),
    volumeSize: byClaim(`${volumeMetrics.capacity.name}{${volume}}`),
    /** Bytes that will be left on the volume, if it goes on as it did over the window. */
    volumeForecast: (window: string, aheadSeconds: number) =>
      byClaim(`predict_linear(${volumeMetrics.available.name}{${volume}}[${window}], ${aheadSeconds})`),
    /** Chats that Open WebUI answered. */
    chats: (window: string) => sum(increase(names.calls, chats, window)),
    /** Requests that LiteLLM's spans tell of. */
    litellmRequests: (window: string) => sum(increase(names.calls, litellmRequests, window)),
  };
}

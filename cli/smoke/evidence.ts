import { getJson, request, urlBelow } from "../../clients/http.ts";
import { queryNow, type Sample } from "../../clients/prometheus.ts";
import type { Servers } from "../../clients/question.ts";
import { ruleOptions } from "../../assembly/wiring.ts";
import type { Settings } from "../../settings.ts";
import { tempoExporter } from "../../telemetry/collector.ts";
import { distributedSlackSeconds, ingestionSlackSeconds } from "../../telemetry/generator.ts";
import { tempoMetrics } from "../../telemetry/operational.ts";
import { collectorQueries } from "../../telemetry/signals/collector.ts";
import { tempoTarget, type TempoInstallation } from "../../telemetry/tempo-target.ts";

/** What the servers tell of themselves, for the causes of a failure; undefined where they do not tell. */
export interface Evidence {
  /** Seconds that a server's clock is ahead of this one's, by the server's name. */
  readonly skewSeconds: Readonly<Record<string, number>>;
  /** Whether Prometheus takes remote writes. */
  readonly remoteWriteReceiver?: boolean;
  /** Whether Prometheus keeps exemplars. */
  readonly exemplarStorage?: boolean;
  /** How long after its end Tempo counts a span, in seconds. */
  readonly slackSeconds: number;
  /** Tempo's own metrics; of a distributed one those of all its pods, as Prometheus knows them. */
  readonly tempo?: TempoCounters;
  /** What Prometheus knows of the collectors on the way to Tempo. */
  readonly collector?: CollectorState;
}

/** How the collectors do, as they were scraped last. */
export interface CollectorState {
  /** How full the fullest queue to Tempo is, from 0 to 1. */
  readonly filled: number;
  /** Spans that Tempo refused for good. */
  readonly dropped: number;
}

/** Counters of Tempo since its start. */
export interface TempoCounters {
  /** When they stood so, in seconds since 1970. */
  readonly time: number;
  /** Spans that were dropped on receipt, by reason. */
  readonly discarded: Readonly<Record<string, number>>;
  /** Spans that reached the metrics generator. */
  readonly generatorSpans: number;
  /** Spans that the generator left out because they ended too long ago or in the future. */
  readonly outsideSlack: number;
  /** Processors of the generator that are on. */
  readonly processors: readonly string[];
  /** Series that did not fit below the limit. */
  readonly limitedSeries: number;
  /** Samples that Prometheus did not take. */
  readonly unwrittenSamples: number;
  /** Where the generator writes to. */
  readonly remoteWriteUrl?: string;
}

/** Asks both servers once; what does not answer in time is left out. */
export async function gather(
  { tempo, prometheus }: Servers,
  settings: Settings,
  timeoutSeconds: number,
): Promise<Evidence> {
  const options = { timeoutSeconds };
  const clock = async (server: string, url: URL) => {
    const asked = Date.now();
    const { date } = await request(server, url, options);
    // A date has whole seconds: on average the server's clock is half a second further.
    return date === undefined ? undefined : (date + 500 - (asked + Date.now()) / 2) / 1000;
  };
  const [tempoSkew, prometheusSkew, flags, counters, collector] = await Promise.all([
    orNothing(clock("Tempo", urlBelow(tempo, "/ready"))),
    orNothing(clock("Prometheus", urlBelow(prometheus, "/-/ready"))),
    orNothing(
      getJson<{ data: Record<string, string> }>(
        "Prometheus",
        urlBelow(prometheus, "/api/v1/status/flags"),
        options,
      ),
    ),
    orNothing(
      settings.tempo.mode === "distributed"
        ? countersInPrometheus(prometheus, ruleOptions(settings), timeoutSeconds)
        : request("Tempo", urlBelow(tempo, "/metrics"), options).then(({ text }) => countersIn(text)),
    ),
    orNothing(collectorState(prometheus, settings, timeoutSeconds)),
  ]);
  const skews = Object.entries({ Tempo: tempoSkew, Prometheus: prometheusSkew });
  return {
    skewSeconds: Object.fromEntries(
      skews.filter((entry): entry is [string, number] => entry[1] !== undefined),
    ),
    ...(flags?.data && switches(flags.data)),
    slackSeconds: settings.tempo.mode === "distributed" ? distributedSlackSeconds : ingestionSlackSeconds,
    tempo: counters,
    collector,
  };
}

async function collectorState(
  prometheus: string,
  { collector, namespace }: Settings,
  timeoutSeconds: number,
): Promise<CollectorState | undefined> {
  if (!collector.enabled) return undefined;
  const { filledTo, droppedTo } = collectorQueries({ namespace: namespace.name });
  const [filled, dropped] = await Promise.all(
    [filledTo(tempoExporter), droppedTo(tempoExporter)].map((text) =>
      queryNow(prometheus, text, timeoutSeconds),
    ),
  );
  // Who is not scraped tells nothing; a series of what was lost begins with the first.
  return filled?.[0] && { filled: filled[0].value, dropped: dropped?.[0]?.value ?? 0 };
}

const orNothing = <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined);

/** A switch that is not listed is unknown: what answers may be another store with Prometheus's API. */
const switches = (flags: Record<string, string>) => ({
  remoteWriteReceiver: flag(flags["web.enable-remote-write-receiver"]),
  exemplarStorage: flags["enable-feature"]?.split(",").includes("exemplar-storage"),
});

const flag = (value: string | undefined): boolean | undefined =>
  value === undefined ? undefined : value === "true";

/** Counters of a distributed Tempo, whose API is one role's; undefined where its generators are not scraped. */
async function countersInPrometheus(
  prometheus: string,
  installation: TempoInstallation,
  timeoutSeconds: number,
): Promise<TempoCounters | undefined> {
  const generators = tempoTarget(installation, "metrics-generator");
  const [samples, scraped] = await Promise.all(
    [
      `{__name__=~"${Object.values(asked).join("|")}",${tempoTarget(installation)}}`,
      `timestamp(${tempoMetrics.started.name}{${generators}})`,
    ].map((query) => queryNow(prometheus, query, timeoutSeconds)),
  );
  if (!samples || !scraped?.length) return undefined;
  const named = samples.map(({ labels, value }) => ({ name: labels["__name__"] ?? "", labels, value }));
  return countersOf(named, Math.max(...scraped.map(({ value }) => value)));
}

/** Reads Prometheus's text format, as far as it is needed; undefined when it is not Tempo's. */
export function countersIn(text: string): TempoCounters | undefined {
  const samples = [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name, labels = "", value]) => ({
    name: name!,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, it]) => [key!, it!])),
    value: Number(value),
  }));
  if (!samples.some(({ name }) => name.startsWith("tempo_"))) return undefined;
  return countersOf(samples, Date.now() / 1000);
}

/** The metrics of Tempo's own that are counted. */
const asked = {
  discarded: tempoMetrics.discarded.name,
  received: tempoMetrics.generatorReceived.name,
  uncounted: tempoMetrics.generatorDiscarded.name,
  processors: "tempo_metrics_generator_active_processors",
  limited: tempoMetrics.limitedSeries.name,
  failed: tempoMetrics.samplesFailed.name,
  retried: tempoMetrics.samplesRetried.name,
} as const;

function countersOf(samples: readonly (Sample & { readonly name: string })[], time: number): TempoCounters {
  const all = (name: string) => samples.filter((sample) => sample.name === name);
  const sum = (list: readonly { value: number }[]) => list.reduce((total, { value }) => total + value, 0);
  const discarded = Object.groupBy(all(asked.discarded), ({ labels }) => labels["reason"] ?? "");
  return {
    time,
    discarded: Object.fromEntries(Object.entries(discarded).map(([reason, list]) => [reason, sum(list!)])),
    generatorSpans: sum(all(asked.received)),
    outsideSlack: sum(
      all(asked.uncounted).filter(({ labels }) => labels["reason"] === "outside_metrics_ingestion_slack"),
    ),
    processors: all(asked.processors)
      .filter(({ value }) => value > 0)
      .map(({ labels }) => labels["processor"] ?? ""),
    limitedSeries: sum(all(asked.limited)),
    unwrittenSamples: sum([...all(asked.failed), ...all(asked.retried)]),
    remoteWriteUrl: all(asked.failed)[0]?.labels["url"],
  };
}

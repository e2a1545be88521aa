import assert from "node:assert/strict";
import { lt } from "semver";
import { legendOf } from "../../../cli/demo/text.ts";
import type { Signals } from "../../../telemetry/signals.ts";
import { edges } from "../../../traffic/expected.ts";
import type { Trace } from "../../../traffic/span.ts";
import { versionAtHand } from "../../../tools/on-path.ts";
import { programNamed } from "../../../tools/programs.ts";
import { settingsOf } from "../../contract/product.ts";
import { tolerance } from "./agreement.ts";
import { instant } from "./measure.ts";
import { generator, signals } from "./product.ts";
import type { Lines } from "./prometheus-panels.ts";
import { inWords, record } from "./record.ts";
import { strays, type ScrapedRun } from "./run.ts";
import type { Scrape } from "./scrapes.ts";

/** What is known of the time between two scrapes. */
interface Known {
  readonly seconds: number;
  /** When the later one was. */
  readonly at: number;
  /** Spans that came in. */
  readonly spans: number;
  /** Calls between services of which a half came in. */
  readonly begun: number;
  /** Those that have both halves, or need no other. */
  readonly calls: number;
  /** Those of them that have one half: from a user, to a provider. */
  readonly virtualCalls: number;
  /** How much a metric grew by Tempo's own account, all series of it; undefined where this Tempo has none. */
  readonly growth: (name: string, labels?: Readonly<Record<string, string>>) => number | undefined;
  /** Its value at the end. */
  readonly value: (name: string) => number;
  /** The values of a label that it has from the beginning. */
  readonly values: (name: string, label: string) => readonly string[];
}

type Panel = (known: Known) => Lines;

const [, { lone, late }] = strays;

/** Until 2.8 Tempo counts as expired also the edges that it completes with a virtual node (grafana/tempo#5319). */
export const isOld = lt(await versionAtHand(programNamed("tempo")), "2.9.0");

const refused = "tempo_receiver_refused_spans";
const discarded = "tempo_discarded_spans_total";
const uncounted = "tempo_metrics_generator_spans_discarded_total";
const duration = "tempo_request_duration_seconds";
const tooLate = "outside_metrics_ingestion_slack";

/** What each panel must show: of what was sent by plain arithmetic, of Tempo itself what its `/metrics` say. */
export const healthPanels = {
  tempoUp: () => ({ up: 1 }),
  tempoUptime: ({ at, value }) => ({ "up since": at - value("process_start_time_seconds") }),
  tempoRestarts: () => ({ restarts: 0 }),
  tempoMemory: ({ value }) => ({ memory: value("process_resident_memory_bytes") }),
  spansReceived: ({ spans, seconds }) => ({ "spans per second": spans / seconds }),
  bytesReceived: ({ growth, seconds }) => ({
    "bytes per second": growth("tempo_distributor_bytes_received_total")! / seconds,
  }),
  spansLost: ({ growth, values }) =>
    Object.fromEntries([
      ...values(refused, "transport").map((transport) => [
        `refused ${transport}`,
        growth(refused, { transport })!,
      ]),
      ...values(discarded, "reason").map((reason) => [`discarded ${reason}`, growth(discarded, { reason })!]),
    ]) as Lines,
  spansUncounted: ({ spans, values }) =>
    Object.fromEntries(
      values(uncounted, "reason")
        .filter((reason) => !reason.endsWith("_filtered"))
        .map((reason) => [reason, reason === tooLate ? (100 * late) / spans : 0]),
    ),
  generatorSeries: ({ value }) => ({
    series: value("tempo_metrics_generator_registry_active_series"),
    limit: settingsOf("dev").tempo.maxActiveSeries,
  }),
  expiredEdges: ({ begun, calls, virtualCalls }) => ({
    expired: (100 * (begun - calls + (isOld ? virtualCalls : 0))) / begun,
  }),
  samplesWritten: ({ growth, seconds }) => ({
    "sent per second": growth("prometheus_remote_storage_samples_total")! / seconds,
    "retried per second": growth("prometheus_remote_storage_samples_retried_total")! / seconds,
    refused: growth("prometheus_remote_storage_samples_failed_total")!,
  }),
  remoteWriteBehind: ({ value }) => ({
    behind:
      value("prometheus_remote_storage_highest_timestamp_in_seconds") -
      value("prometheus_remote_storage_queue_highest_sent_timestamp_seconds"),
  }),
  searchLatency: (known) =>
    Object.fromEntries(
      known
        .values(`${duration}_count`, "route")
        .filter((route) => route.startsWith("api_") && known.growth(`${duration}_count`, { route })! > 0)
        .map((route) => [route, p95(known, route)]),
    ),
  queriesFailed: () => ({ failed: 0 }),
  storageFailures: ({ growth }) => {
    const lines = {
      "blocks not stored":
        growth("tempo_live_store_failed_completions_total") ?? growth("tempo_ingester_failed_flushes_total"),
      "metrics not written": growth("tempo_metrics_generator_registry_collections_failed_total"),
      "not compacted": growth("tempodb_compaction_errors_total"),
      "not deleted": growth("tempodb_retention_errors_total"),
    };
    return Object.fromEntries(
      Object.entries(lines).filter((entry): entry is [string, number] => entry[1] !== undefined),
    );
  },
} satisfies Partial<Record<keyof Signals, Panel>>;

/** Panels that are not seen here, since kubelet's metrics do not exist. */
export const volumePanels = { volumeLeft: true, volumeForecast: true } satisfies Partial<
  Record<keyof Signals, true>
>;

/** How far a value may be off, as a share of it, where it goes on changing. */
const looser: Partial<Record<keyof typeof healthPanels, number>> = {
  tempoMemory: 0.3,
  // A collection of Tempo's more or less, which there is every 15 s.
  samplesWritten: 0.2,
};

/** The dashboard "Tracing Health", over the time from one scrape to another in both of which nothing came in. */
export function describeHealth(run: () => ScrapedRun): void {
  for (const [id, panel] of Object.entries(healthPanels)) {
    const { title, queries } = signals[id as keyof typeof healthPanels];
    it(`shows ${title}`, async () => {
      const { backends } = run();
      const known = knownOf(run());
      const expected = panel(known);
      const found: Record<string, number> = {};
      for (const { text, legend } of queries) {
        const exactly = text.replaceAll("$interval", `${Math.round(known.seconds * 1000) + 1}ms`);
        for (const { labels, value } of await instant(backends.prometheus, exactly, known.at)) {
          found[legendOf(legend, labels)] = value;
        }
      }
      assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
      const share = looser[id as keyof typeof looser] ?? tolerance;
      for (const [line, wanted] of Object.entries(expected)) {
        const off = Math.abs(found[line]! - wanted);
        assert.ok(off <= share * Math.abs(wanted) + 1e-9, `${line}: ${found[line]}, not ${wanted}`);
      }
      record(`Tracing Health: ${title}`, inWords(expected), inWords(found));
    });
  }
}

function knownOf({ scrapes: [before, after], counted }: ScrapedRun): Known {
  const all = ({ samples }: Scrape, name: string, labels: Readonly<Record<string, string>> = {}) =>
    samples.filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
  const sum = (samples: readonly { readonly value: number }[]) =>
    samples.reduce((total, { value }) => total + value, 0);
  const calls = edges(counted, generator.peerAttributes);
  const count = (of: typeof calls) => of.reduce((total, { count }) => total + count, 0);
  return {
    seconds: after.at - before.at,
    at: after.at,
    spans: counted.reduce((total, { spans }) => total + spans.length, lone + late),
    begun: counted.reduce<number>((total, trace) => total + halvesOf(trace), lone),
    calls: count(calls),
    virtualCalls: count(calls.filter(({ connectionType }) => connectionType === "virtual_node")),
    growth: (name, labels) => {
      const there = all(before, name, labels);
      return there.length > 0 ? sum(all(after, name, labels)) - sum(there) : undefined;
    },
    value: (name) => sum(all(after, name)),
    values: (name, label) => [...new Set(all(before, name).map(({ labels }) => labels[label] ?? ""))],
  };
}

/** How many calls the spans of a trace tell of: the two halves of one, caller's and called side's, tell of the same. */
const halvesOf = ({ spans }: Trace): number =>
  new Set(
    spans.flatMap(({ kind, id, parentId = "" }) =>
      kind === "client" ? [id] : kind === "server" ? [parentId] : [],
    ),
  ).size;

/** The 95 % quantile of the questions of a route, spread evenly within their bucket, as `histogram_quantile` has it. */
function p95({ growth, values }: Known, route: string): number {
  const bucket = `${duration}_bucket`;
  const buckets = values(bucket, "le")
    .map((le) => ({ bound: Number(le.replace("+Inf", "Infinity")), count: growth(bucket, { route, le })! }))
    .sort((a, b) => a.bound - b.bound);
  const rank = 0.95 * buckets.at(-1)!.count;
  const index = buckets.findIndex(({ count }) => count >= rank);
  const below = buckets[index - 1] ?? { bound: 0, count: 0 };
  const { bound, count } = buckets[index]!;
  return below.bound + ((bound - below.bound) * (rank - below.count)) / (count - below.count);
}

import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../../clients/wait.ts";
import type { Kind } from "../../../components/collector/schema.ts";
import { gracePeriodSeconds } from "../../../components/collector/statefulset.ts";
import { applicationMetrics } from "../../../telemetry/application-metrics.ts";
import { jitter } from "../../../traffic/exporter.ts";
import { ownMetric } from "../own-metrics.ts";
import { endBackend } from "../restart/kubelet.ts";
import { incomplete, type Sent } from "../restart/kept.ts";
import { exporter, type Acknowledged, type Sender } from "../restart/senders.ts";
import { number } from "../values/measure.ts";
import { memoryWatch, type MemoryWatch } from "./memory.ts";
import { rigPair, type Replica, type Rig } from "./rig.ts";
import { measuring, steady, steadyLines, type Line } from "./senders.ts";
import type { Store } from "./stores.ts";

/** What senders were told that is taken, and what arrived of it. */
export interface Handed {
  readonly acknowledged: number;
  readonly arrived: number;
}

/** What came of a store's absence. Counted are spans, lines of logs, and exports of metrics. */
export interface Absence {
  readonly seconds: number;
  /** Answers other than 200. */
  readonly failures: readonly string[];
  /** What the other stores had, just before this one came back, of what had been acknowledged 5 s earlier. */
  readonly meanwhile: Readonly<Partial<Record<Kind, Handed>>>;
  /** What all had, once nothing waited. Of spans also those that the collectors handed on, and that came too late to be counted. */
  readonly afterwards: {
    readonly spans: Handed & { readonly sent: number; readonly late: number };
    readonly lines: Handed & { readonly twice: number };
    /** Of a process that sends to one replica: exports, and samples of each series. */
    readonly exports: Handed;
    /** Of a process that sends to both in turn: exports, the one whose totals Prometheus has, and points that it refused. */
    readonly changing: { readonly exports: number; readonly known: number; readonly refused: number };
  };
  /** Traces that are not whole, and lines that are not there. */
  readonly lost: readonly string[];
  /** Of the replica that was told to stop: what waited for the store, in bytes (metrics: in exports), and how long it took. */
  readonly stopped: { readonly waiting: number; readonly seconds: number };
  /** From the store's return until nothing waited. */
  readonly caughtUpSeconds: number;
  readonly memory: MemoryWatch;
}

const kinds: readonly Kind[] = ["traces", "metrics", "logs"];
const hostOfOne = "steady";
const hostOfBoth = "changing";

/**
 * Takes a store away for so long, under traffic of every kind to two collectors, the second of which is told to stop after a quarter
 * of that time and started again.
 */
export async function absence(rig: Rig, store: Store, seconds: number): Promise<Absence> {
  const [first, second] = rig.replicas as [Replica, Replica];
  const others = kinds.filter((kind) => kind !== store.kind);
  const traffic = [everything(first, "first"), everything(second, "second")];
  const batches = [exporter(first, "early", jitter.least), exporter(first, "late", jitter.most)];
  const ofOne = measuring(hostOfOne, [first], 2);
  const ofBoth = measuring(hostOfBoth, [first, second], 2);
  await sleep(3000);
  const memory = memoryWatch(rig, first);
  const gone = Date.now();
  const until = (share: number) => sleep(Math.max(0, share * seconds * 1000 - (Date.now() - gone)));
  await store.end(rig);
  // A Tempo that begins again counts anew.
  const sentToOld = store.kind === "traces" ? await sentSpans(first, second) : 0;
  await until(0.25);
  await stop(traffic[1]!);
  await caughtUp([second], others);
  const waiting = await queued(second, store.kind);
  const sentBySecond = await sentSpans(second);
  const asked = Date.now();
  await endBackend(rig.pair, rigPair, second.service, gracePeriodSeconds);
  const stopped = { waiting, seconds: (Date.now() - asked) / 1000 };
  await second.start();
  traffic.push(everything(second, "second, again"));
  await until(1);
  const traces = () =>
    [...traffic.map((each) => each.traces), ...batches].flatMap(({ acknowledged }) => acknowledged);
  const lines = () => traffic.flatMap((each) => each.lines.acknowledged);
  const handed = {
    traces: async (before: number): Promise<Handed> => ({
      acknowledged: spansOf(acknowledgedBefore(traces(), before)),
      arrived: sentToOld + (await ownMetric(rig.tempo, received)),
    }),
    logs: (before: number): Promise<Handed> => {
      const some = acknowledgedBefore(lines(), before);
      const arrived = some.length - missingLines(rig, some).length;
      return Promise.resolve({ acknowledged: some.length, arrived });
    },
    metrics: async (before: number): Promise<Handed> => ({
      acknowledged: acknowledgedBefore(ofOne.acknowledged, before).length,
      arrived: await number(rig.prometheus, `min(count_over_time(${calls(hostOfOne)}))`),
    }),
  } satisfies Record<Kind, unknown>;
  const soon = Date.now() - 5000;
  const meanwhile = Object.fromEntries(
    await Promise.all(others.map(async (kind) => [kind, await handed[kind](soon)] as const)),
  );
  await store.start(rig);
  const back = Date.now();
  await sleep(3000);
  const senders: readonly Sender<unknown>[] = [
    ...traffic.flatMap((each) => [each.traces, each.lines]),
    ...[...batches, ofOne, ofBoth],
  ];
  await Promise.all(senders.map((each) => each.stop()));
  await caughtUp([first, second]);
  const caughtUpSeconds = (Date.now() - back) / 1000;
  await memory.stop();
  const now = Date.now();
  const there = rig.openobserve.lines().map((line) => line["trace_id"]);
  const totals = await number(rig.prometheus, `sum(last_over_time(${calls(hostOfBoth)}))`);
  const firstTotals = await number(rig.prometheus, `sum(min_over_time(${calls(hostOfOne)}))`);
  return {
    seconds: (back - gone) / 1000,
    failures: senders.flatMap(({ failures }) => failures),
    meanwhile,
    afterwards: {
      spans: {
        ...(await handed.traces(now)),
        sent: sentBySecond + (await sentSpans(first, second)),
        late: await ownMetric(
          rig.tempo,
          "tempo_metrics_generator_spans_discarded_total",
          'reason="outside_metrics_ingestion_slack"',
        ),
      },
      lines: { ...(await handed.logs(now)), twice: there.length - new Set(there).size },
      exports: await handed.metrics(now),
      changing: {
        exports: ofBoth.acknowledged.at(-1)!.number,
        known: totals / firstTotals,
        refused: await sum("otelcol_exporter_send_failed_metric_points", first, second),
      },
    },
    lost: [...(await incompleteTraces(rig, traces())), ...missingLines(rig, lines())],
    stopped,
    caughtUpSeconds,
    memory,
  };
}

const acknowledgedBefore = <T extends { readonly at: number }>(
  all: readonly T[],
  before: number,
): readonly T[] => all.filter(({ at }) => at < before);

/** What of each kind is sent to a replica. */
interface Traffic {
  readonly traces: Sender;
  readonly lines: Sender<Line>;
}

const everything = (replica: Replica, name: string): Traffic => ({
  traces: steady(replica, name, 0.1),
  lines: steadyLines(replica, 0.1),
});

const stop = ({ traces, lines }: Traffic): Promise<unknown> => Promise.all([traces.stop(), lines.stop()]);

/** What Tempo received since it began, in spans. */
export const received = "tempo_distributor_spans_received_total";

const sum = async (name: string, ...replicas: readonly Replica[]): Promise<number> =>
  (await Promise.all(replicas.map(({ own }) => ownMetric(own, name)))).reduce((all, each) => all + each, 0);

/** Spans that replicas handed on since they began. */
export const sentSpans = (...replicas: readonly Replica[]): Promise<number> =>
  sum("otelcol_exporter_sent_spans", ...replicas);

/** What of a kind waits in a replica: bytes, of metrics exports. */
const queued = ({ own }: Replica, kind: Kind): Promise<number> =>
  ownMetric(own, "otelcol_exporter_queue_size", `data_type="${kind}"`);

/** Waits until replicas have handed on all that they took. */
export const caughtUp = (replicas: readonly Replica[], some: readonly Kind[] = kinds): Promise<boolean> =>
  waitFor("queues to be empty", 120, async () => {
    const waiting = await Promise.all(replicas.flatMap((each) => some.map((kind) => queued(each, kind))));
    return waiting.every((amount) => amount === 0);
  });

export const spansOf = (some: readonly Acknowledged[]): number =>
  some.reduce((all, { trace }) => all + trace.spans.length, 0);

/** Which traces Tempo has not, or not whole, in few words. */
export const incompleteTraces = async (
  rig: Rig,
  some: readonly (Sent & { readonly at: number })[],
): Promise<string[]> =>
  (await incomplete(rig, some)).map(
    ({ trace, at, spans }) =>
      `${trace.id}: ${spans} of ${trace.spans.length} spans; acknowledged at ${new Date(at).toISOString()}`,
  );

function missingLines({ openobserve }: Rig, lines: readonly Line[]): string[] {
  const there = new Set(openobserve.lines().map((line) => line["trace_id"]));
  return lines
    .filter(({ traceId }) => !there.has(traceId))
    .map(({ traceId, at }) => `line ${traceId}; acknowledged at ${new Date(at).toISOString()}`);
}

/** Calls that a host counted, all that Prometheus has. */
const calls = (host: string): string =>
  `${applicationMetrics.callSeconds.name}_count{instance=~"${host}/.+"}[2h]`;

import type { z } from "zod";
import { generator, histogramForm } from "../telemetry/generator.ts";
import { expectedSeries } from "../telemetry/series.ts";
import { localHours, margin, storedBytesPerHour, storedHours } from "../telemetry/stored.ts";
import { spansPerSecond } from "../telemetry/traffic.ts";
import type { prometheus } from "./stores.ts";
import type { applications } from "./applications.ts";
import { mostPartitions, type kafka } from "./kafka.ts";
import { capacityFor } from "./roles.ts";
import type { tempo } from "./tempo.ts";
import type { traffic } from "./traffic.ts";
import type { Conflict } from "./values.ts";

/** The sections by which a stack is sized. */
export interface Sized {
  readonly tempo: z.infer<typeof tempo>;
  readonly kafka?: z.infer<typeof kafka>;
  readonly traffic: z.infer<typeof traffic>;
  readonly applications: Pick<z.infer<typeof applications>, "services">;
  readonly prometheus: Pick<z.infer<typeof prometheus>, "nativeHistograms">;
}

/** What the declared traffic takes. */
export interface Budget {
  /** Series that the generator keeps. */
  readonly series: number;
  readonly spansPerSecond: number;
  /** Bytes of the traces that are kept, wherever blocks are. */
  readonly traceBytes: number;
  /** Bytes on the data volume, or on that of a live-store, when it is fullest. */
  readonly volumeBytes: number;
}

/**
 * How often a span is stored. In 2.10 the generator writes blocks of its own, from which it answers TraceQL metrics
 * (`local_blocks.flush_to_storage`); the two kinds are never compacted into one.
 */
const copies: Readonly<Record<Sized["tempo"]["line"], number>> = { "3.0": 1, "2.10": 2 };

/** What the settings' traffic takes. */
export function budgetOf(settings: Sized): Budget {
  const { tempo, traffic, applications, prometheus } = settings;
  const generated = generator(applications.services, histogramForm(prometheus.nativeHistograms));
  const hourly = bytesPerHour(settings);
  return {
    series: expectedSeries(generated, traffic),
    spansPerSecond: spansPerSecond(traffic),
    traceBytes: hourly * storedHours(tempo.retention.seconds),
    volumeBytes:
      tempo.mode === "distributed"
        ? newestOfLiveStore(settings)
        : hourly * (keptHours(settings) + localHours),
  };
}

/** Of a partition, in the hours that are busiest. */
function newestOfLiveStore(settings: Sized): number {
  const { partitions, bytesPerSecond } = capacityFor(settings);
  const busiest = bytesPerSecond.peak / bytesPerSecond.average;
  return (bytesPerHour(settings) * busiest * localHours) / partitions;
}

const hour = 3600;

/** Of an hour's traffic, compacted into one block. */
const bytesPerHour = ({ tempo, traffic }: Sized): number => copies[tempo.line] * storedBytesPerHour(traffic);

/** Hours of traffic whose blocks are on the volume. */
const keptHours = ({ tempo }: Sized): number =>
  tempo.storage.backend === "local" ? storedHours(tempo.retention.seconds) : 0;

/** What the declared traffic exceeds, each with the settings that could be another: the first that was written is to blame. */
export const overBudget = (settings: Sized): [Conflict, ...Conflict[]][] => [
  ...tooManySeries(settings),
  ...tooSmallAVolume(settings),
  ...tooManyPods(settings),
];

const trafficKeys = ["requestsPerMinute", "spansPerRequest", "bytesPerSpan"] as const;

function tooManySeries(settings: Sized): [Conflict, ...Conflict[]][] {
  const { tempo, traffic } = settings;
  const { series } = budgetOf(settings);
  if (series <= tempo.maxActiveSeries) return [];
  const most = (key: "models" | "requestKinds"): Side => [
    ["traffic", key],
    atMost(
      mostOf(traffic, key, tempo.maxActiveSeries, (traffic) => budgetOf({ ...settings, traffic }).series),
    ),
  ];
  return [
    sides(
      [[["tempo", "maxActiveSeries"], `at least ${series}`], most("models"), most("requestKinds")],
      `${traffic.models} models and ${traffic.requestKinds} kinds of requests make ${series} series`,
    ),
  ];
}

function tooSmallAVolume(settings: Sized): [Conflict, ...Conflict[]][] {
  const { tempo, traffic } = settings;
  const { amount, text } = tempo.volume.size;
  const wanted = margin * budgetOf(settings).volumeBytes;
  if (wanted <= amount) return [];
  const size: Side = [["tempo", "volume", "size"], `at least ${gibibytes(wanted)}`];
  const less = trafficKeys.map((key): Side => [
    ["traffic", key],
    atMost(
      mostOf(traffic, key, amount, (traffic) => margin * budgetOf({ ...settings, traffic }).volumeBytes),
    ),
  ]);
  if (tempo.storage.backend !== "local") {
    return [sides([size, ...less], `${text} has no room for the newest blocks of this traffic`)];
  }
  const held = mostOf(
    tempo.retention,
    "seconds",
    amount,
    (retention) => margin * budgetOf({ ...settings, tempo: { ...tempo, retention } }).volumeBytes,
  );
  const holds = held < hour ? "not even an hour" : inDays(held);
  const retention: Side = [["tempo", "retention"], held < hour ? "less" : `at most ${inDays(held)}`];
  return [
    sides(
      [size, retention, ...less],
      `${text} holds ${holds} of this traffic, tempo.retention is ${inDays(tempo.retention.seconds)}`,
    ),
  ];
}

/** Distributors are as many as partitions are by traffic, and no role has more pods. */
function tooManyPods(settings: Sized): [Conflict, ...Conflict[]][] {
  const { tempo, traffic } = settings;
  const podsOf = (traffic: Sized["traffic"]) =>
    capacityFor({ ...settings, traffic }).roles.distributor.replicas;
  if (tempo.mode !== "distributed" || podsOf(traffic) <= mostPartitions) return [];
  const less = trafficKeys.map((key): Side => [
    ["traffic", key],
    atMost(Math.floor((traffic[key] * mostPartitions) / podsOf(traffic))),
  ]);
  return [sides(less, `it takes ${podsOf(traffic)} distributors, of ${mostPartitions} at most`)];
}

/** The most that a number among others may be within an amount of what grows evenly with it; 0 or less if there is none. */
function mostOf<K extends string, T extends Readonly<Record<K, number>>>(
  all: T,
  key: K,
  amount: number,
  of: (all: T) => number,
): number {
  const least = of({ ...all, [key]: 0 });
  return Math.floor((all[key] * (amount - least)) / (of(all) - least));
}

type Side = readonly [path: Conflict["path"], wanted: string];

/** How many other settings a message tells what they would have to be. */
const mostOthers = 2;

/** Each side says what it would have to be, why, and what others would have to be instead. */
function sides(all: readonly Side[], story: string): [Conflict, ...Conflict[]] {
  const conflicts = all.map(([path, wanted]) => {
    const others = all
      .filter(([other]) => other !== path)
      .map(([other, want]) => `${other.join(".")} ${want}`)
      .slice(0, mostOthers);
    return { path, message: `${wanted}: ${story}; or ${others.join(", or ")}` };
  });
  return conflicts as [Conflict, ...Conflict[]];
}

const atMost = (most: number): string => (most < 1 ? "less" : `at most ${most}`);

/** Whole days from three on, else whole hours. */
const inDays = (seconds: number): string =>
  seconds < 72 * hour ? `${Math.floor(seconds / hour)}h` : `${Math.floor(seconds / hour / 24)}d`;

/** Rounded up, as a volume is asked for. */
const gibibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 30)}Gi`;

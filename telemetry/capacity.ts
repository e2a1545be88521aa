import { localHours, margin, storedBytes, storedBytesPerHour, storedHours } from "./stored.ts";
import type { TempoRole } from "./tempo-roles.ts";
import { bytesPerSecond, spansPerSecond, type Traffic } from "./traffic.ts";

/*
 * What a distributed Tempo takes. "The rules" are Tempo's own: of 3.0.3 `docs/sources/tempo/set-up-for-tracing/setup-tempo/
 * plan/size.md`, `plan/deployment-modes.md` and `operations/jsonnet/microservices/{config,autoscaling}.libsonnet`, of its next
 * release `configure-kafka.md`. Where they are silent, the words "no rule" say that a number is ours. They count in MB of 10^6.
 */

/** What a pod is sure to get, and the most it may take. */
export interface Amounts {
  readonly request: number;
  readonly limit: number;
}

/** What a role takes: each of its pods but for the replicas. */
export interface RoleCapacity {
  /** Pods; of the live-store those of one zone. */
  readonly replicas: number;
  /** Cores. */
  readonly cpu: Amounts;
  /** Bytes. */
  readonly memory: Amounts;
  /** Bytes that it writes on its volume, or as scratch; 0 for none. */
  readonly disk: number;
}

/** What a distributed Tempo takes for a traffic. */
export interface Capacity {
  /** Partitions that are written to; the topic has at least as many. */
  readonly partitions: number;
  /** Bytes of spans as they are received: on average, and at the busiest of a working day. */
  readonly bytesPerSecond: { readonly average: number; readonly peak: number };
  /** Bytes on the disks of all brokers, before Kafka's compression. */
  readonly kafkaBytes: number;
  /** Bytes of blocks in the bucket. */
  readonly bucketBytes: number;
  readonly roles: Readonly<Record<TempoRole, RoleCapacity>>;
}

export interface CapacityOptions {
  /** How long traces are kept. */
  readonly retentionSeconds: number;
  /** Partitions that are written to. Default: by the traffic. */
  readonly partitions?: number;
}

/**
 * The busiest hours have so many times the average over day and night: who works 40 of a week's 168 hours makes 4.2 times the
 * average in them, and the hours are not alike. No rule. What comes in seconds (`peakFactor`) Kafka holds until it is read.
 */
const workingPeak = 5;

/** The rules' MB, and their GB. */
const mega = 1e6;
const giga = 1e9;
const mebi = 2 ** 20;
const gibi = 2 ** 30;

/** Bytes a second at the peak for a partition (rule), which is also the rules' most for the live-store and the most of a distributor. */
const bytesPerPartition = 10 * mega;

/**
 * Bytes a second for a querier, of the rules' 1 to 2 MB/s. Of the average and not of the peak: a search reads what was stored
 * in days.
 */
const bytesPerQuerier = 2 * mega;

/** Bytes a second, on average, for a backend worker, each byte being compacted some four times. No rule. */
const bytesPerWorker = 10 * mega;

/**
 * Of two pods one is there when a node goes or a version is rolled out. The scheduler alone is one: two would schedule the same
 * compactions (rule), and nobody waits for it.
 */
const least = 2;

/** Copies of a record, of which two must be written before Tempo acknowledges (rule). */
export const kafkaReplication = 3;

/** How long Kafka keeps a record (rule): so long may a block-builder be away. A restarted live-store reads 40 minutes again. */
export const kafkaRetentionSeconds = 86_400;

/** The rules' ceiling of one process, the lower ends of 25 to 35 MB/s and 55,000 to 80,000 spans a second. */
const monolith = { bytes: 25 * mega, spans: 55_000 } as const;

/** Whether one process holds the peak of a traffic. */
export const monolithHolds = (traffic: Traffic): boolean =>
  workingPeak * bytesPerSecond(traffic) <= monolith.bytes &&
  workingPeak * spansPerSecond(traffic) <= monolith.spans;

/**
 * What one process takes (rule, `deploy/locally/linux.md`): 4 cores, and 16 GB with the generator and heavy queries. It is where
 * to begin, whatever the traffic; the blocks are in a bucket, and the newest hour is on its volume.
 */
export const monolithOf = (traffic: Traffic): RoleCapacity => ({
  replicas: 1,
  cpu: { request: 4, limit: 4 },
  memory: { request: 16 * giga, limit: 16 * giga },
  disk: upTo(gibi, margin * localHours * storedBytesPerHour(traffic)),
});

/** What a distributed Tempo takes for a traffic. */
export function capacityOf(traffic: Traffic, options: CapacityOptions): Capacity {
  const average = bytesPerSecond(traffic);
  const peak = workingPeak * average;
  const partitions = options.partitions ?? replicas(peak, bytesPerPartition);
  const byPartition = peak / partitions / bytesPerPartition;
  const distributors = replicas(peak, bytesPerPartition);
  const queriers = replicas(average, bytesPerQuerier);
  const byQuerier = average / queriers / bytesPerQuerier;
  const workers = replicas(average, bytesPerWorker);
  return {
    partitions,
    bytesPerSecond: { average, peak },
    kafkaBytes: average * kafkaRetentionSeconds * kafkaReplication,
    bucketBytes: storedBytesPerHour(traffic) * storedHours(options.retentionSeconds),
    roles: {
      // jsonnet has seen 0.33 cores at 10 MB/s; the rule is 2.
      distributor: role(distributors, peak / distributors / bytesPerPartition, {
        cpu: [0.5, 2],
        memory: [2 * giga, 4 * giga],
      }),
      "live-store": role(
        partitions,
        byPartition,
        { cpu: [1, 2], memory: [4 * giga, 20 * giga] },
        liveStoreVolume(Math.max(byPartition, 1)),
      ),
      "block-builder": role(
        partitions,
        byPartition,
        { cpu: [0.5, 1], memory: [5 * giga, 10 * giga] },
        blockBuilderScratch,
      ),
      // One without a partition would have nothing to read. Each keeps all series. No rule but for what jsonnet gives it.
      "metrics-generator": role(
        Math.max(least, partitions),
        byPartition,
        { cpu: [0.5, 1], memory: [gibi, 2 * gibi] },
        generatorScratch,
      ),
      // Two, made larger rather than more (`deployment-modes.md`, components).
      "query-frontend": role(least, byQuerier, { cpu: [0.5, 1], memory: [4 * giga, 20 * giga] }),
      querier: role(queriers, byQuerier, { cpu: [0.5, 1], memory: [4 * giga, 20 * giga] }),
      "backend-scheduler": role(1, 1, { cpu: [0.5, 1], memory: [giga, 2 * giga] }, schedulerDisk),
      "backend-worker": role(workers, average / workers / bytesPerWorker, {
        cpu: [0.5, 1],
        memory: [giga, 2 * giga],
      }),
    },
  };
}

/** The newest hour of a partition at its peak. Not less for less: a volume cannot be made smaller when partitions become more. */
const liveStoreVolume = (share: number): number =>
  margin * localHours * storedBytes(share * bytesPerPartition * 3600, 1);

/** It consumes at most 5 GB at a time (`max_consuming_bytes`); jsonnet's `data_volume_size`. */
const blockBuilderScratch = 5 * gibi;

/** Two hours of samples that wait for remote write, of some 100,000 series. No rule. */
const generatorScratch = 2 * gibi;

/** Its list of jobs and its copy of the bucket's index. No rule. */
const schedulerDisk = gibi;

const replicas = (bytes: number, bytesPerReplica: number): number =>
  Math.max(least, Math.ceil(bytes / bytesPerReplica));

/** Below this a Tempo does not start well, and above it the most it may take is jsonnet's for each role. */
const smallest = {
  cpu: { request: 0.1, limit: 1 },
  memory: { request: 256 * mebi, limit: 2 * gibi },
} as const;

/**
 * Amounts of a role in proportion to its share of what the rules' own replica takes. The rules' lower end is sure, the upper end
 * the limit; where they have one number, the limit is twice as much.
 */
function role(
  replicas: number,
  share: number,
  full: Record<"cpu" | "memory", readonly [least: number, most: number]>,
  disk = 0,
): RoleCapacity {
  const amounts = (of: "cpu" | "memory", unit: number): Amounts => ({
    request: upTo(unit, Math.max(smallest[of].request, share * full[of][0])),
    limit: upTo(unit, Math.max(smallest[of].limit, share * full[of][1])),
  });
  return {
    replicas,
    cpu: amounts("cpu", 0.05),
    memory: amounts("memory", 64 * mebi),
    disk: upTo(gibi, disk),
  };
}

/** Rounded up to whole units, but for what a division leaves behind the ninth digit. */
const upTo = (unit: number, amount: number): number =>
  Math.round(Math.ceil(Number((amount / unit).toPrecision(9))) * unit * 1000) / 1000;

import { tempoMetrics } from "../operational.ts";
import { roleMetrics as metrics } from "../role-metrics.ts";
import { liveStoreZones, tempoRoles, type TempoRole } from "../tempo-roles.ts";
import { tempoTarget, zoneTarget, type TempoInstallation } from "../tempo-target.ts";
import { all, increase, is, matches, sum, valuesOf } from "./promql.ts";
import { prom, type Signal } from "./signal.ts";

const interval = "$interval";

/** The ring of partitions. Roles that read spans from Kafka know it, and the distributors. */
const ring = is("name", "livestore-partitions");

/** States in which a partition must be read: what is in an inactive one is not all in blocks yet. */
const readStates = matches("state", "Active|Inactive");

type Named = { readonly name: string };

/**
 * Queries about the roles of a distributed Tempo; those of a growth take the window, such as `5m`. For alerts, and for the
 * dashboard "Tracing Health".
 */
export function roleQueries(tempo: TempoInstallation) {
  const target = tempoTarget(tempo);
  const of = (metric: Named, role: TempoRole) => `${metric.name}{${tempoTarget(tempo, role)}}`;
  const growth = (metric: Named, window: string) => sum(increase(metric.name, target, window));
  const ofRing = `${metrics.partitions.name}{${all(target, ring, readStates)}}`;
  /** Partitions of those, whoever else has them too; none is a number. */
  const counted = (owned: string) => `(count(max by (partition) (${owned} == 1)) or vector(0))`;
  /** Lag as it was over six minutes: it is that of one record, and readers take turns. */
  const steady = (role: TempoRole, window: string) =>
    `avg_over_time(${of(metrics.lagSeconds, role)}[${window}])`;
  return {
    /** Pods of a role that are scraped and up. */
    up: (role: TempoRole) => sum(of(tempoMetrics.up, role)),
    /** Pods of a role that were up at any time of a window: an update takes one away after the other, each for less. */
    upWithin: (role: TempoRole, window: string) =>
      `count(max by (pod) (max_over_time(${of(tempoMetrics.up, role)}[${window}])) == 1)`,
    /** 1 while none of a role is, and some of another are. */
    down: (role: TempoRole) =>
      `absent(${of(tempoMetrics.up, role)} == 1) and on () ${sum(`${tempoMetrics.up.name}{${target}}`)} > 0`,
    /** Age of what is read of a partition, by who reads it: the oldest. */
    lag: `max by (group, partition) (${metrics.lagSeconds.name}{${target}})`,
    lagRecords: `max by (group, partition) (${metrics.lagRecords.name}{${target}})`,
    lagOfGenerators: `max by (partition) (${of(metrics.lagSeconds, "metrics-generator")})`,
    /** Spans that came in while generators read none: one that hangs goes on saying how late the last one was. */
    uncounted: (window: string) =>
      `${growth(tempoMetrics.received, window)} > 0 unless on () ${growth(tempoMetrics.generatorReceived, window)} > 0`,
    lagOfBuilders: (window: string) => `max by (partition) (${steady("block-builder", window)})`,
    lagOfLiveStores: (window: string) => `max by (partition, group) (${steady("live-store", window)})`,
    /** The least of any zone's. */
    lagOfAllLiveStores: (window: string) => `min by (partition) (${steady("live-store", window)})`,
    /** Partitions that must be read. */
    partitions: `sum(max by (state) (${ofRing}))`,
    /** Those that some live-store, one of a zone, or a block-builder reads. */
    livePartitions: counted(of(metrics.livePartitions, "live-store")),
    zonePartitions: (zone: (typeof liveStoreZones)[number]) =>
      counted(`${metrics.livePartitions.name}{${zoneTarget(tempo, zone)}}`),
    builtPartitions: counted(of(metrics.builtPartitions, "block-builder")),
    jobsCreated: (window: string) => growth(metrics.jobsCreated, window),
    jobsCompleted: (window: string) => growth(metrics.jobsCompleted, window),
    jobsFailed: (window: string) => growth(tempoMetrics.jobsFailed, window),
    jobsActive: sum(`${metrics.jobsActive.name}{${target}}`),
    badJobs: (window: string) => growth(metrics.badJobs, window),
  };
}

/** How the roles of a distributed Tempo do, for those who run it. */
export function roleSignals(tempo: TempoInstallation) {
  const queries = roleQueries(tempo);
  const reader = `${valuesOf("group")}, partition ${valuesOf("partition")}`;
  return {
    roleReplicas: {
      title: "Replicas",
      description: "Pods of each role that Prometheus reaches. Nothing: it knows of none.",
      unit: "short",
      queries: tempoRoles.map((role) => prom(queries.up(role), role)),
    },
    partitionLag: {
      title: "Behind Kafka",
      description:
        "Age of what each reader of a partition read last: graphs (metrics-generator), blocks (block-builder) and searches of what " +
        "is new (live-stores) are behind by it. It stands still while nothing is read; then look at what is unread.",
      unit: "s",
      queries: [prom(queries.lag, reader)],
    },
    partitionRecords: {
      title: "Unread in Kafka",
      description:
        "Records of each partition that a reader has not said to have read, as Kafka says once a minute. A block-builder says so once a cycle.",
      unit: "short",
      queries: [prom(queries.lagRecords, reader)],
    },
    partitions: {
      title: "Partitions",
      description:
        "Partitions that must be read, and those that the live-stores of each zone and the block-builders read. All are the same while all is well.",
      unit: "short",
      queries: [
        prom(queries.partitions, "there are"),
        ...liveStoreZones.map((zone) => prom(queries.zonePartitions(zone), `live-stores of ${zone}`)),
        prom(queries.builtPartitions, "block-builders"),
      ],
    },
    backendJobs: {
      title: "Jobs on blocks",
      description:
        "Compactions and deletions that the scheduler handed to workers within the interval, that were done, that failed, that no " +
        "worker could read; and those that are being done.",
      unit: "short",
      queries: [
        prom(queries.jobsCreated(interval), "handed out"),
        prom(queries.jobsCompleted(interval), "done"),
        prom(queries.jobsFailed(interval), "failed"),
        prom(queries.badJobs(interval), "bad"),
        prom(queries.jobsActive, "being done"),
      ],
    },
  } as const satisfies Record<string, Signal>;
}

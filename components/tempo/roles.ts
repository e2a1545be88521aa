import { selectorLabels } from "../kubernetes/metadata.ts";
import { tempoName } from "./ports.ts";
import { liveStoreZones, tempoRoles, type TempoRole } from "../../telemetry/tempo-roles.ts";

/** What a role needs of a cluster: objects, policies and configuration follow from this. */
export interface Role {
  /**
   * StatefulSets where a pod's name is what it is: of live-stores and block-builders it names the partition, of generators the
   * member of Kafka's group, whose partitions a new name is given after three minutes only (`kgo.InstanceID` in
   * `modules/generator/generator.go`). Workers are known by theirs in their ring.
   */
  readonly kind: "Deployment" | "StatefulSet";
  /** Whether it takes spans (OTLP). */
  readonly takesSpans?: true;
  /** Whether it answers questions of people. */
  readonly answers?: true;
  /** Whether it writes metrics to Prometheus. */
  readonly writesMetrics?: true;
  /** Whether it talks to Kafka. */
  readonly kafka?: true;
  /** Whether it reads or writes blocks. */
  readonly storage?: true;
  /** Whether it tells others that it is there, or must know who is (`MemberlistKV` in `cmd/tempo/app/modules.go`). */
  readonly gossip?: true;
  /** Whose gRPC it asks. */
  readonly asks: readonly TempoRole[];
  /** Whether what it writes to disk outlives its pod. What others write is made again, from Kafka or the bucket. */
  readonly keeps?: true;
  /** Seconds from SIGTERM to SIGKILL. */
  readonly graceSeconds: number;
  /**
   * Those that are made and updated before it.
   *
   * @default none
   */
  readonly follows?: readonly TempoRole[];
  /**
   * Seconds that a pod is ready before the next one goes.
   *
   * @default none
   */
  readonly readySeconds?: number;
}

/** After a question has been answered, these never end by themselves (grafana/tempo#7967). */
const neverEnds = { graceSeconds: 15 } as const;

/** The roles. */
export const roles: Readonly<Record<TempoRole, Role>> = {
  "live-store": {
    kind: "StatefulSet",
    kafka: true,
    gossip: true,
    asks: [],
    keeps: true,
    // Writes what it has in memory to its log; what it had not is read from Kafka again.
    graceSeconds: 60,
    // Until others know that it is back; a new partition is pending for 10 s (`min_partition_owners_duration` in dskit).
    readySeconds: 15,
  },
  "block-builder": {
    kind: "StatefulSet",
    kafka: true,
    storage: true,
    gossip: true,
    asks: [],
    graceSeconds: 60,
  },
  "metrics-generator": {
    kind: "StatefulSet",
    kafka: true,
    gossip: true,
    writesMetrics: true,
    asks: [],
    // Sends what it has counted.
    graceSeconds: 60,
  },
  "backend-scheduler": { kind: "StatefulSet", storage: true, asks: [], graceSeconds: 30 },
  "backend-worker": {
    kind: "StatefulSet",
    storage: true,
    gossip: true,
    asks: ["backend-scheduler"],
    follows: ["backend-scheduler"],
    // It ended after 31 s.
    graceSeconds: 45,
  },
  "query-frontend": {
    kind: "Deployment",
    storage: true,
    answers: true,
    asks: [],
    // It is ready when a querier has come, which is ready by itself: one of 3.0.3 was within 2 s, with no query-frontend anywhere.
    follows: ["querier"],
    ...neverEnds,
  },
  querier: {
    kind: "Deployment",
    storage: true,
    gossip: true,
    asks: ["query-frontend", "live-store"],
    ...neverEnds,
  },
  distributor: {
    kind: "Deployment",
    takesSpans: true,
    kafka: true,
    gossip: true,
    asks: [],
    // Without an active partition it refuses all.
    follows: ["live-store"],
    graceSeconds: 30,
  },
};

/** A workload: a role, or its part in a zone. */
export interface Workload {
  readonly name: string;
  readonly role: TempoRole;
  readonly zone?: string;
}

/** Name of the Service by which they find each other. */
export const gossipName = `${tempoName}-gossip`;

/** Label of the pods behind it, as in Grafana's chart `tempo-distributed`. */
export const gossipLabel = { "tempo-gossip-member": "true" } as const;

/** Name of a role's objects. */
export const roleName = (role: TempoRole): string => `${tempoName}-${role}`;

/** Labels by which its pods are found. */
export const rolePods = (role: TempoRole): Record<string, string> => ({
  ...selectorLabels(tempoName),
  "app.kubernetes.io/component": role,
});

/** Label of a live-store's zone. */
export const zoneLabel = "llm-tracing/zone";

/** The workloads of a role. Live-stores of a zone are updated after those of the one before, so that one answers. */
export const workloadsOf = (role: TempoRole): readonly Workload[] =>
  role === "live-store"
    ? liveStoreZones.map((zone) => ({ name: `${roleName(role)}-${zone}`, role, zone }))
    : [{ name: roleName(role), role }];

/** Roles that ask a role, by its gRPC. */
export const askers = (role: TempoRole): readonly TempoRole[] =>
  tempoRoles.filter((other) => roles[other].asks.includes(role));

/** Roles between which there is gossip. */
export const gossipers: readonly TempoRole[] = tempoRoles.filter((role) => roles[role].gossip);

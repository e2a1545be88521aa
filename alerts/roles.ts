import { roleQueries } from "../telemetry/signals/roles.ts";
import { windowText, type RuleOptions } from "../telemetry/recordings.ts";
import { liveStoreZones, tempoRoles, type TempoRole } from "../telemetry/tempo-roles.ts";
import type { Alert } from "./alert.ts";

/**
 * Values from which on something is wrong with a role: those of Tempo's own alerts. Each alert's runbook says why.
 *
 * Source: `operations/tempo-mixin/{alerts,config}.libsonnet` of v3.0.3.
 */
export const roleLimits = {
  /** Seconds by which graphs may be behind Kafka. */
  generatorLag: 900,
  /** Seconds by which blocks may be. */
  builderLag: { warning: 200, critical: 300 },
  /** Seconds by which searches of what is new may be: in one zone, in all. */
  liveStoreLag: { oneZone: { warning: 200, critical: 1200 }, allZones: 300 },
  /** Share of the partitions that a zone must read. */
  zone: 0.4,
  /** Share of the jobs that may fail. */
  jobsFailed: 0.05,
} as const;

/** What of the tracing stands still without a role. */
const without: Readonly<Record<TempoRole, string>> = {
  distributor: "No spans are taken",
  "live-store": "Questions are answered with a 500, or without traces that are in no block yet",
  "block-builder": "Traces wait in Kafka and become no blocks; after its retention they are lost",
  "metrics-generator": "Graphs stand still, and what is read too late is not counted",
  "query-frontend": "Nobody's question is answered",
  querier: "Nobody's question is answered",
  "backend-scheduler": "Old traces are not deleted, and searches become slower",
  "backend-worker": "Old traces are not deleted, and searches become slower",
};

const panel = (title: string) => ({ dashboard: "llm-tracing-health", title }) as const;

/**
 * Alerts about the roles of a distributed Tempo. None where it is one process.
 *
 * Of Tempo's own these are left out. `…Unhealthy`: of a member that the ring remembers, where Prometheus sees the pods themselves.
 * `TempoCompactionsFailing`, `…CollectionsFailing`: `tracing.ts` has them of both modes. `TempoPollsFailing`, `…TenantIndex…`: who has
 * no index lists the bucket itself (`blocklist_poll_fallback`), and what fails then fails questions. `…OutstandingBlocks`,
 * `…RetryRateHigh`, `…EmptyJobRateHigh`, `…CallRetriesHigh`: nothing is lost and no job failed; "Jobs on blocks" shows it.
 * `…ServiceGraphsDroppingSpans`: `max_items` follows from the traffic. `…Overrides…`, `…ProcessorUpdatesFailing`, vulture, memcached
 * and the usage tracker: this stack has none of them.
 */
export function roleAlerts(options: RuleOptions): readonly Alert[] {
  const { roles } = options;
  if (!roles) return [];
  return [...presence(options, roles), ...lags(options), ...partitions(options), ...jobs(options)];
}

function presence(options: RuleOptions, roles: NonNullable<RuleOptions["roles"]>): Alert[] {
  const queries = roleQueries(options);
  return tempoRoles.flatMap((role): Alert[] => [
    {
      name: "TempoRoleDown",
      severity: "critical",
      labels: { role },
      text: queries.down(role),
      forSeconds: 300,
      summary: `No ${role} of Tempo runs, or Prometheus reaches none.`,
      description: `No ${role} in the namespace ${options.namespace} has been scraped for 5 minutes, while other roles are. ${without[role]}.`,
      panel: panel("Replicas"),
    },
    // One that is missing is none.
    ...(roles[role] > 1 ? [missing(role, roles[role], options)] : []),
  ]);
}

const missing = (role: TempoRole, wanted: number, options: RuleOptions): Alert => ({
  name: "TempoReplicaMissing",
  severity: "warning",
  labels: { role },
  text: `${roleQueries(options).upWithin(role, windowText(600, options))} < ${wanted}`,
  forSeconds: 300,
  summary: `A replica of Tempo's ${role} is missing.`,
  description: `{{ $value }} of ${wanted} pods of the role ${role} in ${options.namespace} could be scraped within 10 minutes, for 5 minutes.`,
  panel: panel("Replicas"),
});

function lags(options: RuleOptions): Alert[] {
  const queries = roleQueries(options);
  const sixMinutes = windowText(360, options);
  const { generatorLag, builderLag, liveStoreLag } = roleLimits;
  const behind = "{{ $value | humanizeDuration }} behind";
  const partition = "partition {{ $labels.partition }}";
  const builder = (severity: Alert["severity"], name: string): Alert => ({
    name,
    severity,
    text: `${queries.lagOfBuilders(sixMinutes)} > ${builderLag[severity]}`,
    forSeconds: 300,
    summary: "Blocks are behind what comes in.",
    description: `The block-builder of ${partition} is ${behind}. What it has not read by the end of Kafka's retention is lost.`,
    panel: panel("Behind Kafka"),
  });
  const liveStore = (severity: Alert["severity"], name: string): Alert => ({
    name,
    severity,
    text: `${queries.lagOfLiveStores(sixMinutes)} > ${liveStoreLag.oneZone[severity]}`,
    forSeconds: 300,
    summary: "A live-store is behind what comes in.",
    description: `{{ $labels.group }} is ${behind} with ${partition}. The other zone answers for it while it is not behind itself.`,
    panel: panel("Behind Kafka"),
  });
  return [
    {
      name: "TempoMetricsGeneratorPartitionLagCritical",
      severity: "critical",
      text: `${queries.lagOfGenerators} > ${generatorLag}`,
      forSeconds: 300,
      summary: "Graphs are behind what comes in.",
      description: `The metrics-generator of ${partition} is ${behind}. Spans that are so late are stored and not counted: alerts about chats see nothing of them.`,
      panel: panel("Behind Kafka"),
    },
    {
      name: "TempoMetricsGeneratorReadsNothing",
      severity: "critical",
      text: queries.uncounted(windowText(300, options)),
      forSeconds: 300,
      summary: "Spans come in, and no generator reads them.",
      description:
        '{{ $value | printf "%.0f" }} spans came in within 5 minutes, and no metrics-generator read any. Graphs stand still, and alerts about chats are blind.',
      panel: panel("Spans received"),
    },
    builder("warning", "TempoBlockBuilderPartitionLagWarning"),
    builder("critical", "TempoBlockBuilderPartitionLagCritical"),
    liveStore("warning", "TempoLiveStorePartitionLagWarning"),
    liveStore("critical", "TempoLiveStoreSingleMemberLagHigh"),
    {
      name: "TempoLiveStoreAllMembersLagging",
      severity: "critical",
      text: `${queries.lagOfAllLiveStores(sixMinutes)} > ${liveStoreLag.allZones}`,
      forSeconds: 120,
      summary: "New traces are not found.",
      description: `The live-stores of ${partition} are at least ${behind}, in every zone. Its newest traces are not found; they are in Kafka.`,
      panel: panel("Behind Kafka"),
    },
  ];
}

function partitions(options: RuleOptions): Alert[] {
  const queries = roleQueries(options);
  const unread = {
    severity: "critical",
    forSeconds: 600,
    panel: panel("Partitions"),
  } as const;
  return [
    {
      ...unread,
      name: "TempoLiveStoresPartitionsUnowned",
      text: `${queries.partitions} > ${queries.livePartitions}`,
      summary: "No live-store reads some of the partitions.",
      description:
        "Of {{ $value }} partitions some are read by no live-store. Questions are answered with a 500, since each asks all of them.",
    },
    {
      ...unread,
      name: "TempoBlockBuildersPartitionsMismatch",
      text: `${queries.partitions} > ${queries.builtPartitions}`,
      summary: "No block-builder reads some of the partitions.",
      description:
        "Of {{ $value }} partitions some are read by no block-builder. What they hold is lost at the end of Kafka's retention.",
    },
    ...liveStoreZones.map((zone) => ({
      ...unread,
      name: "TempoLiveStoreZoneSeverelyDegraded",
      labels: { zone },
      text: `${queries.zonePartitions(zone)} < ${roleLimits.zone} * ${queries.partitions}`,
      summary: `The live-stores of ${zone} read few of the partitions.`,
      description: `The live-stores of ${zone} read {{ $value }} partitions, less than ${roleLimits.zone * 100} % of those that there are. If the other zone loses a live-store, new traces are not found.`,
    })),
  ];
}

function jobs(options: RuleOptions): Alert[] {
  const queries = roleQueries(options);
  const five = windowText(300, options);
  return [
    {
      name: "TempoBackendSchedulerJobsFailureRateHigh",
      severity: "critical",
      text: `${queries.jobsFailed(five)} / ${queries.jobsCreated(five)} > ${roleLimits.jobsFailed}`,
      forSeconds: 600,
      summary: "Jobs on blocks fail.",
      description:
        "{{ $value | humanizePercentage }} of the jobs of 5 minutes failed. Blocks are not compacted, or old ones not deleted.",
      panel: panel("Jobs on blocks"),
    },
    {
      name: "TempoBackendWorkerBadJobsRateHigh",
      severity: "warning",
      text: `${queries.badJobs(five)} > 0`,
      forSeconds: 600,
      summary: "Workers get jobs that they cannot read.",
      description:
        '{{ $value | printf "%.0f" }} jobs of 5 minutes named no tenant. Scheduler and workers may be of two versions.',
      panel: panel("Jobs on blocks"),
    },
  ];
}

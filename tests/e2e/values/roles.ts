import type { Signals } from "../../../telemetry/signals.ts";
import { distributedProduct } from "../../contract/distributed.ts";
import { series } from "../../alerts/series.ts";
import { itShows, type Answers } from "./promtool-values.ts";

/** Every question to a Tempo of several roles. */
export const signals = distributedProduct().signals as Required<Signals>;

const of = (
  pod: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
  namespace = "tracing",
) => series(name, { namespace, pod: `tempo-${pod}`, ...labels });

const distributors = ["distributor-7d9f4c5b8-2xkqp", "distributor-7d9f4c5b8-9lmzr"];
const frontend = "query-frontend-6c8d7f9-4hjkl";
const querier = "querier-5f6b7c8d9-mnbvc";
const scheduler = "backend-scheduler-0";
const worker = "backend-worker-0";
const liveStore = (zone: string, partition: number) => `live-store-zone-${zone}-${partition}`;
const zones = ["a", "b"].flatMap((zone) => [0, 1].map((partition) => [zone, partition] as const));
const pods = [
  ...distributors,
  frontend,
  querier,
  scheduler,
  worker,
  ...zones.map(([zone, partition]) => liveStore(zone, partition)),
  ...[0, 1].flatMap((partition) => [`block-builder-${partition}`, `metrics-generator-${partition}`]),
];

const tenant = { tenant: "single-tenant" };
const http = { receiver: "otlp/otlp_receiver", transport: "http" };
const remote = { ...tenant, remote_name: "e2d649" };
const compaction = { ...tenant, job_type: "JOB_TYPE_COMPACTION" };
const retention = { ...tenant, job_type: "JOB_TYPE_RETENTION" };
const ring = (state: string) => ({ name: "livestore-partitions", state });
const lag = (group: string, partition: number) => ({ group, partition: String(partition) });
const question = (route: string, status: string) => ({
  method: "GET",
  route,
  status_code: status,
  ws: "false",
});
const asked = "tempo_request_duration_seconds_count";
const claim = (zone: string, partition: number) => ({
  namespace: "tracing",
  persistentvolumeclaim: `data-tempo-live-store-zone-${zone}-${partition}`,
});

/**
 * Fourteen pods of eight roles, with samples every 30 s and labels as 3.0.3 was recorded to have them, beside a Tempo of another
 * namespace and one that was a single process. One live-store is down, one wrote nothing, one generator is behind.
 */
const samples: Readonly<Record<string, string>> = {
  ...Object.fromEntries(pods.map((pod) => [of(pod, "up"), pod === liveStore("b", 1) ? "0x40" : "1x40"])),
  [of("0", "up")]: "1x40",
  [of(distributors[0]!, "up", {}, "other")]: "1x40",
  ...Object.fromEntries(
    pods.map((pod, index) => [of(pod, "process_start_time_seconds"), `${10 * index}x40`]),
  ),
  // Two changes within the last five minutes, of different pods.
  [of(liveStore("a", 0), "process_start_time_seconds")]: "60x34 1020x6",
  [of(worker, "process_start_time_seconds")]: "50x35 1060x5",
  ...Object.fromEntries(
    pods.map((pod, index) => [
      of(pod, "process_resident_memory_bytes"),
      `${80_000_000 + index * 1_000_000}x40`,
    ]),
  ),
  [of(distributors[0]!, "tempo_distributor_spans_received_total", tenant)]: "0+60x40",
  [of(distributors[1]!, "tempo_distributor_spans_received_total", tenant)]: "0+30x40",
  [of(distributors[0]!, "tempo_distributor_spans_received_total", tenant, "other")]: "0+1000x40",
  [of(distributors[0]!, "tempo_distributor_bytes_received_total", tenant)]: "0+3000x40",
  [of(distributors[1]!, "tempo_distributor_bytes_received_total", tenant)]: "0+1500x40",
  [of(distributors[0]!, "tempo_receiver_refused_spans", http)]: "0+2x40",
  [of(distributors[1]!, "tempo_receiver_refused_spans", http)]: "0+1x40",
  [of(distributors[1]!, "tempo_discarded_spans_total", { ...tenant, reason: "rate_limited" })]: "0+1x40",
  [of("metrics-generator-0", "tempo_metrics_generator_spans_received_total", tenant)]: "0+60x40",
  [of("metrics-generator-1", "tempo_metrics_generator_spans_received_total", tenant)]: "0+30x40",
  [of("metrics-generator-1", "tempo_metrics_generator_spans_discarded_total", {
    ...tenant,
    processor: "all",
    reason: "outside_metrics_ingestion_slack",
  })]: "0+9x40",
  [of("metrics-generator-0", "tempo_metrics_generator_registry_active_series", tenant)]: "900x40",
  [of("metrics-generator-1", "tempo_metrics_generator_registry_active_series", tenant)]: "1200x40",
  [of("metrics-generator-0", "tempo_metrics_generator_registry_max_active_series", tenant)]: "50000x40",
  [of("metrics-generator-1", "tempo_metrics_generator_registry_max_active_series", tenant)]: "50000x40",
  [of("metrics-generator-0", "prometheus_remote_storage_highest_timestamp_in_seconds", tenant)]: "0+30x40",
  [of("metrics-generator-1", "prometheus_remote_storage_highest_timestamp_in_seconds", tenant)]: "0+30x40",
  [of("metrics-generator-0", "prometheus_remote_storage_queue_highest_sent_timestamp_seconds", remote)]:
    "0+30x40",
  [of("metrics-generator-1", "prometheus_remote_storage_queue_highest_sent_timestamp_seconds", remote)]:
    "0+30x30 900x10",
  [of("metrics-generator-0", "prometheus_remote_storage_samples_total", remote)]: "0+300x40",
  [of("metrics-generator-1", "prometheus_remote_storage_samples_total", remote)]: "0+600x40",
  ...Object.fromEntries(
    zones.flatMap(([zone, partition]) => [
      [of(liveStore(zone, partition), "tempo_live_store_traces_created_total", tenant), "0+2x40"],
      [
        of(liveStore(zone, partition), "tempo_live_store_blocks_cut_total", { reason: "max_block_duration" }),
        zone === "b" && partition === 0 ? "20x40" : "0+1x40",
      ],
    ]),
  ),
  [of(frontend, asked, question("api_search", "200"))]: "0+9x40",
  [of(frontend, asked, question("api_search", "500"))]: "0+1x40",
  ...Object.fromEntries(
    Object.entries({ "1": 9, "2": 10, "+Inf": 10 }).flatMap(([le, rate]) => [
      [of(frontend, "tempo_request_duration_seconds_bucket", { route: "api_search", le }), `0+${rate}x40`],
      [
        of(querier, "tempo_request_duration_seconds_bucket", { route: "querier_api_search", le }),
        `0+${rate}x40`,
      ],
    ]),
  ),
  [of("metrics-generator-0", "tempo_metrics_generator_processor_service_graphs_edges", tenant)]: "0+30x40",
  [of("metrics-generator-1", "tempo_metrics_generator_processor_service_graphs_edges", tenant)]: "0+10x40",
  [of("metrics-generator-1", "tempo_metrics_generator_processor_service_graphs_expired_edges", tenant)]:
    "0+2x40",
  // What a querier is asked by the frontend is no question of anybody's.
  [of(querier, asked, question("querier_api_search", "500"))]: "0+90x40",
  [of("metrics-generator-0", "tempo_ingest_group_partition_lag_seconds", lag("metrics-generator", 0))]:
    "0.05x40",
  [of("metrics-generator-1", "tempo_ingest_group_partition_lag_seconds", lag("metrics-generator", 1))]:
    "40x40",
  [of("block-builder-0", "tempo_ingest_group_partition_lag_seconds", lag("block-builder", 0))]: "9x40",
  [of(liveStore("a", 0), "tempo_ingest_group_partition_lag_seconds", lag("tempo-live-store-zone-a", 0))]:
    "0.1x40",
  [of("block-builder-0", "tempo_ingest_group_partition_lag", lag("block-builder", 0))]: "16x40",
  [of("metrics-generator-1", "tempo_ingest_group_partition_lag", lag("metrics-generator", 1))]: "700x40",
  ...Object.fromEntries(
    [distributors[0]!, distributors[1]!, "block-builder-0", querier].flatMap((pod) => [
      [of(pod, "tempo_partition_ring_partitions", ring("Active")), "2x40"],
      [of(pod, "tempo_partition_ring_partitions", ring("Inactive")), "1x40"],
      [of(pod, "tempo_partition_ring_partitions", ring("Pending")), "5x40"],
    ]),
  ),
  ...Object.fromEntries(
    zones.map(([zone, partition]) => [
      of(liveStore(zone, partition), "tempo_live_store_partition_owned", {
        partition: String(partition),
        zone: `tempo-live-store-zone-${zone}`,
      }),
      zone === "b" && partition === 1 ? "0x40" : "1x40",
    ]),
  ),
  [of("block-builder-0", "tempo_block_builder_owned_partitions", {
    partition: "0",
    state: "PartitionActive",
  })]: "1x40",
  [of("block-builder-1", "tempo_block_builder_owned_partitions", {
    partition: "1",
    state: "PartitionActive",
  })]: "1x40",
  [of("block-builder-1", "tempo_block_builder_owned_partitions", {
    partition: "1",
    state: "PartitionInactive",
  })]: "1x40",
  [of(scheduler, "tempo_backend_scheduler_jobs_created_total", compaction)]: "0+3x40",
  [of(scheduler, "tempo_backend_scheduler_jobs_created_total", retention)]: "0+1x40",
  [of(scheduler, "tempo_backend_scheduler_jobs_completed_total", compaction)]: "0+2x40",
  [of(scheduler, "tempo_backend_scheduler_jobs_completed_total", retention)]: "0+1x40",
  [of(scheduler, "tempo_backend_scheduler_jobs_failed_total", compaction)]: "0+1x40",
  [of(scheduler, "tempo_backend_scheduler_jobs_active", compaction)]: "2x40",
  [of(scheduler, "tempo_backend_scheduler_jobs_active", retention)]: "1x40",
  [of(worker, "tempodb_compaction_errors_total")]: "0x40",
  ...Object.fromEntries(
    zones.map(([zone, partition], index) => [
      series("kubelet_volume_stats_available_bytes", claim(zone, partition)),
      `${(index + 5) * 1000}-1x40`,
    ]),
  ),
  ...Object.fromEntries(
    zones.map(([zone, partition]) => [
      series("kubelet_volume_stats_capacity_bytes", claim(zone, partition)),
      "10000x40",
    ]),
  ),
  [series("kubelet_volume_stats_available_bytes", { ...claim("a", 0), namespace: "other" })]: "1x40",
};

const one = (...values: readonly (number | undefined)[]): Answers =>
  values.map((value): Answers[number] => (value === undefined ? {} : { "{}": value }));

/** What the questions of the row Roles must answer after 20 minutes, over five, by the labels of the answer. */
export const rolePanels = {
  roleReplicas: one(2, 3, 2, 2, 1, 1, 1, 1),
  partitionLag: [
    {
      [series("", lag("metrics-generator", 0))]: 0.05,
      [series("", lag("metrics-generator", 1))]: 40,
      [series("", lag("block-builder", 0))]: 9,
      [series("", lag("tempo-live-store-zone-a", 0))]: 0.1,
    },
  ],
  partitionRecords: [
    { [series("", lag("block-builder", 0))]: 16, [series("", lag("metrics-generator", 1))]: 700 },
  ],
  partitions: one(3, 2, 1, 2),
  backendJobs: one(40, 30, 10, undefined, 3),
} as const satisfies Partial<Record<keyof Signals, Answers>>;

/** The same of the questions that are asked in another way, or of other pods, than where Tempo is one process. */
const changedPanels: Partial<Record<keyof Signals, Answers>> = {
  tempoUp: one(13),
  // The newest began at 1060 s of 1200.
  tempoUptime: one(140),
  tempoRestarts: one(2),
  // The last pod of each role in the list has most.
  tempoMemory: one(...[81, 89, 92, 93, 82, 83, 84, 85].map((millions) => millions * 1_000_000)),
  spansReceived: one(3),
  bytesReceived: one(150),
  spansLost: [{ '{transport="http"}': 30 }, { '{reason="rate_limited"}': 10 }],
  spansUncounted: [{ '{reason="outside_metrics_ingestion_slack"}': 10 }],
  generatorSeries: one(1200, 50_000),
  samplesWritten: one(30, undefined, undefined),
  remoteWriteBehind: [
    {
      '{pod="tempo-metrics-generator-0", remote_name="e2d649"}': 0,
      '{pod="tempo-metrics-generator-1", remote_name="e2d649"}': 300,
    },
  ],
  expiredEdges: one(5),
  // Of ten questions nine within a second and one within two: the 9.5th in the middle between them.
  searchLatency: [{ '{route="api_search"}': 1.5 }],
  queriesFailed: one(10),
  // One live-store read 20 traces and wrote none; ten compactions failed.
  storageFailures: one(20, undefined, undefined, 10, undefined),
  volumeLeft: [
    Object.fromEntries(
      zones.map(([zone, partition], index) => [
        `{persistentvolumeclaim="${claim(zone, partition).persistentvolumeclaim}"}`,
        (index + 5) * 1000 - 40,
      ]),
    ),
    { "{}": 10_000 },
  ],
  // Two bytes a minute, for 1440 minutes, from 4960.
  volumeForecast: one(4960 - 2 * 1440),
};

/** Panels of the dashboard "Tracing Health" of a distributed Tempo, asked of samples of many pods. */
export function describeRoles(): void {
  for (const [id, expected] of Object.entries<Answers>({ ...rolePanels, ...changedPanels })) {
    itShows(signals[id as keyof typeof rolePanels], samples, expected);
  }
}

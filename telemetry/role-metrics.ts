import type { Metric } from "./metrics.ts";
import { target } from "./target.ts";

const metric = (name: string, type: Metric["type"], unit: string, description: string, ...labels: string[]) =>
  ({ name: `tempo_${name}`, type, unit, description, labels: [...target, ...labels] }) satisfies Metric;

/**
 * What the roles of a distributed Tempo say of their work on `/metrics`, as far as it is asked for. A counter's series begins
 * with the first event, a lag's with the first record that is read.
 *
 * Sources: `/metrics` of each role of Tempo 3.0.3; `pkg/ingest/metrics.go`, `modules/` and dskit's `ring` of v3.0.3.
 */
export const roleMetrics = {
  lagSeconds: metric(
    "ingest_group_partition_lag_seconds",
    "gauge",
    "seconds",
    "Age of the record that a reader of a partition read last. It stands still while nothing is read. The group is `metrics-generator`, `block-builder`, or a zone's `tempo-live-store-<zone>`.",
    "group",
    "partition",
  ),
  lagRecords: metric(
    "ingest_group_partition_lag",
    "gauge",
    "records",
    "Records of a partition that a group has not said to have read, asked of Kafka once a minute.",
    "group",
    "partition",
  ),
  partitions: metric(
    "partition_ring_partitions",
    "gauge",
    "partitions",
    "Partitions that there are by what each role has heard: `Active` ones are written to and read, `Inactive` ones are read, `Pending` ones wait for their live-stores.",
    "name",
    "state",
  ),
  livePartitions: metric(
    "live_store_partition_owned",
    "gauge",
    "1 or 0",
    "Whether a live-store reads a partition. `zone` is the name of its StatefulSet.",
    "partition",
    "zone",
  ),
  builtPartitions: metric(
    "block_builder_owned_partitions",
    "gauge",
    "1",
    "Partitions that a block-builder reads, by the state that they had; one that changed its state is there twice.",
    "partition",
    "state",
  ),
  jobsCreated: metric(
    "backend_scheduler_jobs_created_total",
    "counter",
    "jobs",
    "Jobs on blocks that the scheduler handed to a worker.",
    "job_type",
    "tenant",
  ),
  jobsCompleted: metric(
    "backend_scheduler_jobs_completed_total",
    "counter",
    "jobs",
    "Those that were done.",
    "job_type",
    "tenant",
  ),
  jobsActive: metric(
    "backend_scheduler_jobs_active",
    "gauge",
    "jobs",
    "Those that are being done.",
    "job_type",
    "tenant",
  ),
  badJobs: metric(
    "backend_worker_bad_jobs_received_total",
    "counter",
    "jobs",
    "Jobs that a worker got and could not read: they name no tenant.",
    "status",
  ),
} as const satisfies Record<string, Metric>;

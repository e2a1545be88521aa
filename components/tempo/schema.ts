import type { SpanMatch } from "../../telemetry/generator.ts";
import type { OtlpProtocol } from "../kubernetes/otlp.ts";

/**
 * Tempo's configuration as far as it is written here, by line: Tempo's YAML is strict, so a key that is not of the line
 * keeps it from starting.
 *
 * Source: `cmd/tempo/app/config.go` and `modules/*\/config.go` of v3.0.3 and v2.10.8.
 */
export type TempoConfig = Tempo30 | Tempo210;

/** Length of time as Go prints it, such as `1h30m`. */
type GoDuration = string;

/** How both lines are reached. */
export interface Serving {
  usage_report: { reporting_enabled: boolean };
  server: { http_listen_port: number; grpc_listen_port?: number; log_format: "json" };
  distributor: { receivers: { otlp: { protocols: Record<"grpc" | "http", OtlpProtocol> } } };
}

/** What both lines keep, and how long a query may reach. */
export interface Keeping {
  storage: { trace: TraceStorage & { wal: { path: string } } };
  query_frontend: {
    search: { max_duration: GoDuration; max_result_limit: number };
    metrics: { max_duration: GoDuration };
  };
}

/** Tempo 3.0. */
export interface Tempo30 extends Serving, Keeping {
  live_store: {
    wal: { path: string };
    shutdown_marker_dir: string;
    max_trace_idle: GoDuration;
    max_trace_live: GoDuration;
  } & Partial<PartitionReader>;
  backend_worker: { compaction: Retention; backend_scheduler_addr?: string; ring?: Member };
  backend_scheduler: { local_work_path: string; provider: { compaction: { compaction: Retention } } };
  metrics_generator: Shipping & {
    processor: Processors;
    ring?: Member;
    instance_id?: string;
    metrics_ingestion_time_range_slack?: GoDuration;
  };
  memberlist?: {
    advertise_addr: string;
    bind_port: number;
    join_members: readonly string[];
    abort_if_cluster_join_fails: boolean;
    cluster_label: string;
  };
  ingest?: {
    kafka: {
      address: string;
      topic: string;
      auto_create_topic_enabled: boolean;
      disable_kafka_telemetry: boolean;
      sasl_username?: string;
      sasl_password?: string;
    };
  };
  block_builder?: { partitions_per_instance: number };
  querier?: { frontend_worker: { frontend_address: string } };
  overrides: Overrides<"service-graphs" | "span-metrics", { max_cardinality_per_label: number }>;
}

/** A live-store that reads from Kafka. */
interface PartitionReader {
  readiness_target_lag: GoDuration;
  readiness_max_wait: GoDuration;
  ring: Member;
  partition_ring: { kvstore: Memberlist; delete_inactive_partition_after: GoDuration };
}

/** A member of a ring, by its host name. */
interface Member {
  instance_addr: string;
  kvstore: Memberlist;
}

interface Memberlist {
  store: "memberlist";
}

/** Tempo 2.10. */
export interface Tempo210 extends Serving, Keeping {
  ingester: { trace_idle_period: GoDuration; lifecycler: { min_ready_duration: GoDuration } };
  compactor: { compaction: Retention };
  metrics_generator: Shipping & {
    traces_storage: { path: string };
    processor: Processors & { local_blocks: { flush_to_storage: boolean; filter_server_spans: boolean } };
  };
  overrides: Overrides<"service-graphs" | "span-metrics" | "local-blocks", object>;
}

interface Retention {
  block_retention: GoDuration;
}

/** Where blocks are kept. */
export type TraceStorage =
  | { backend: "local"; local: { path: string } }
  | {
      backend: "s3";
      s3: {
        bucket: string;
        endpoint: string;
        region?: string;
        insecure: boolean;
        forcepathstyle: boolean;
      };
    }
  | { backend: "gcs"; gcs: { bucket_name: string } }
  | {
      backend: "azure";
      azure: { container_name: string; storage_account_name: string; use_federated_token: boolean };
    };

/** How metrics are collected and sent. */
export interface Shipping {
  registry: { collection_interval: GoDuration; external_labels: Readonly<Record<string, string>> };
  storage: { path: string; remote_write: readonly RemoteWrite[] };
}

interface RemoteWrite {
  url: string;
  send_exemplars: boolean;
  basic_auth?: { username: string; password: string };
}

/** The processors that both lines have. */
export interface Processors {
  span_metrics: {
    histogram_buckets?: readonly number[];
    dimensions: readonly string[];
    filter_policies: readonly (Record<"include", Policy> | Record<"exclude", Policy>)[];
  };
  service_graphs: {
    histogram_buckets?: readonly number[];
    peer_attributes: readonly string[];
    wait: GoDuration;
    max_items: number;
  };
}

interface Policy {
  match_type: "regex";
  attributes: readonly SpanMatch[];
}

/** How much both lines take in. */
export interface IngestLimits {
  ingestion: { rate_limit_bytes: number; burst_size_bytes: number; max_traces_per_user: number };
  global: { max_bytes_per_trace: number };
}

interface Overrides<Processor extends string, Limits> {
  defaults: IngestLimits & {
    metrics_generator: {
      processors: readonly Processor[];
      max_active_series: number;
      generate_native_histograms?: "native";
    } & Limits;
  };
}

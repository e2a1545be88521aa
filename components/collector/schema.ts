import type { OtlpProtocol } from "../kubernetes/otlp.ts";

/** The kinds of telemetry, each a pipeline of its own. */
export type Kind = "traces" | "metrics" | "logs";

/**
 * The collector's configuration as far as it is written here; a key that it does not know keeps it from starting.
 *
 * Source: `config.go` of the components, opentelemetry-collector and opentelemetry-collector-contrib v0.159.0.
 */
export interface CollectorConfig {
  extensions: Readonly<Record<string, object>>;
  receivers: {
    otlp: {
      protocols: {
        grpc: OtlpProtocol & {
          max_recv_msg_size_mib: number;
          keepalive: { server_parameters: { max_connection_age: string; max_connection_age_grace: string } };
        };
        /** Size in bytes. */
        http: OtlpProtocol & { max_request_body_size: number };
      };
    };
  };
  /** By name, `kind` or `kind/name`. */
  processors: Readonly<Record<string, object>>;
  exporters: Readonly<Record<string, object>>;
  service: {
    extensions: readonly string[];
    telemetry: {
      logs: { encoding: "json"; disable_stacktrace: boolean };
      metrics: { level: "normal"; readers: readonly object[] };
    };
    pipelines: Partial<Record<Kind, Pipeline>>;
  };
}

/** The way of one kind of telemetry. */
interface Pipeline {
  receivers: readonly string[];
  processors: readonly string[];
  exporters: readonly string[];
}

/** `exporterhelper` of go.opentelemetry.io/collector: what an exporter does with what it cannot send. */
export interface Sending {
  /** Longest time of one try. */
  timeout: string;
  sending_queue: {
    storage: string;
    sizer: "bytes";
    /** In bytes. */
    queue_size: number;
    num_consumers: number;
    /** Sizes in bytes. */
    batch: { sizer: "bytes"; flush_timeout: string; min_size: number; max_size: number };
  };
  retry_on_failure: {
    enabled: boolean;
    initial_interval: string;
    max_interval: string;
    /** `0s` stands for ever. */
    max_elapsed_time: string;
  };
}

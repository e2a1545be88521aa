import { otlpProtocols, senderTls } from "../kubernetes/otlp.ts";
import type { CollectorArgs } from "./args.ts";
import { metricsExporter, metricsExtensions, metricsProcessors } from "./metrics.ts";
import { queueFolder, ports } from "./ports.ts";
import { lineStatements, openobserveExporter } from "./openobserve.ts";
import { privacyProcessors } from "./privacy.ts";
import type { CollectorConfig, Sending } from "./schema.ts";

type ConfigArgs = Pick<
  CollectorArgs,
  | "services"
  | "privacy"
  | "histograms"
  | "externalLabels"
  | "prometheus"
  | "otlpTls"
  | "queue"
  | "tempo"
  | "logs"
>;

/**
 * Configuration of the collector. Values in braces (`${env:NAME}`) come from the environment.
 *
 * There is no batch processor: it tells a sender that all is well before anything is on disk. The exporters' own queue is
 * written first, and batches are made of what it gives.
 */
export function collectorConfig(args: ConfigArgs): CollectorConfig {
  const metrics = {
    extensions: metricsExtensions(args),
    processors: metricsProcessors(args),
    exporters: metricsExporter(args),
  };
  const privacy = privacyProcessors({ mode: args.privacy.mode, services: args.services });
  return {
    extensions: {
      health_check: { endpoint: `0.0.0.0:${ports.health}` },
      file_storage: {
        directory: queueFolder,
        // Without it a power cut may break the file, with which no collector starts.
        fsync: true,
        // The file of a queue that was long is made small again once it is empty.
        compaction: {
          directory: queueFolder,
          on_rebound: true,
          rebound_needed_threshold_mib: 32,
          rebound_trigger_threshold_mib: 4,
          cleanup_on_start: true,
        },
      },
      ...metrics.extensions,
    },
    receivers: { otlp: { protocols: receiving(args.otlpTls) } },
    processors: {
      // Of the container's memory. It refuses above 55 %, before more is decoded than fits.
      memory_limiter: { check_interval: "500ms", limit_percentage: 75, spike_limit_percentage: 20 },
      ...(args.logs && { "transform/lines": { error_mode: "ignore", log_statements: lineStatements } }),
      ...privacy.processors,
      ...metrics.processors,
    },
    exporters: {
      "otlp_http/tempo": {
        endpoint: args.tempo.otlp.http,
        // A Service gives a connection to one pod, for as long as it lives: those that come later would get nothing.
        ...(args.tempo.several && { disable_keep_alives: true }),
        ...(args.otlpTls && { tls: senderTls(args.otlpTls) }),
        ...sending(args.queue.size.amount * queueShares.traces),
      },
      ...(args.logs && {
        "otlp_http/openobserve": {
          ...openobserveExporter(args.logs),
          ...sending(args.queue.size.amount * queueShares.logs),
        },
      }),
      ...metrics.exporters,
    },
    service: {
      extensions: ["health_check", "file_storage", ...Object.keys(metrics.extensions)],
      telemetry: {
        logs: { encoding: "json", disable_stacktrace: true },
        metrics: { level: "normal", readers: [{ pull: { exporter: { prometheus: ownMetrics } } }] },
      },
      pipelines: {
        traces: {
          receivers: ["otlp"],
          processors: ["memory_limiter", ...privacy.order.traces],
          exporters: ["otlp_http/tempo"],
        },
        ...(args.logs && {
          logs: {
            receivers: ["otlp"],
            processors: ["memory_limiter", "transform/lines", ...privacy.order.logs],
            exporters: ["otlp_http/openobserve"],
          },
        }),
        metrics: {
          receivers: ["otlp"],
          processors: ["memory_limiter", ...Object.keys(metrics.processors)],
          exporters: Object.keys(metrics.exporters),
        },
      },
    },
  };
}

/** Names as the contract has them, whatever this exporter's defaults become. */
const ownMetrics = {
  host: "0.0.0.0",
  port: ports.metrics,
  without_type_suffix: true,
  without_units: true,
  without_scope_info: true,
};

/** The largest request that is taken, in MiB: it is decoded before the limit of memory is asked. */
const largestRequest = 16;

/** The receivers' protocols. A connection over gRPC ends after a minute, so that it does not stay with one replica. */
function receiving(tls: ConfigArgs["otlpTls"]): CollectorConfig["receivers"]["otlp"]["protocols"] {
  const { grpc, http } = otlpProtocols(tls);
  return {
    grpc: {
      ...grpc,
      max_recv_msg_size_mib: largestRequest,
      keepalive: { server_parameters: { max_connection_age: "60s", max_connection_age_grace: "30s" } },
    },
    http: { ...http, max_request_body_size: largestRequest * 2 ** 20 },
  };
}

/**
 * Parts of the volume that queues may fill. Their files are up to two and a half times as large as what is in them, and a full
 * volume loses what was being sent when the collector ends; a full queue refuses, and senders try again.
 */
const queueShares = { traces: 1 / 4, logs: 1 / 16 } as const;

/** Keeps on disk what a store has not taken, and tries until it has. */
const sending = (queueBytes: number): Sending => ({
  timeout: "10s",
  sending_queue: {
    storage: "file_storage",
    sizer: "bytes",
    queue_size: Math.floor(queueBytes),
    num_consumers: 2,
    batch: { sizer: "bytes", flush_timeout: "200ms", min_size: 2 ** 18, max_size: 2 ** 20 },
  },
  retry_on_failure: { enabled: true, initial_interval: "1s", max_interval: "10s", max_elapsed_time: "0s" },
});

import { goDuration } from "../../settings/units.ts";
import type { Settings } from "../../settings.ts";
import { generator } from "../../telemetry/generator.ts";
import { generatorSection } from "./generator.ts";
import { dataFolder, ports } from "./ports.ts";
import { storageSection } from "./storage.ts";

/** Tempo's configuration, as data; its YAML is strict, an unknown key keeps Tempo from starting. */
export type TempoConfig = Readonly<Record<string, unknown>>;

/** What of the settings Tempo's configuration follows from. */
export type TempoConfigArgs = Pick<Settings, "tempo" | "prometheus" | "applications">;

/**
 * Configuration of a monolithic Tempo 3.0.
 *
 * Keys: docs/sources/tempo/configuration of v3.0.3. Values in braces (`${NAME}`) come from the environment.
 */
export function tempoConfig(settings: TempoConfigArgs): TempoConfig {
  const { tempo, prometheus, applications } = settings;
  const retention = { block_retention: goDuration(tempo.retention) };
  return {
    usage_report: { reporting_enabled: false },
    memory: { automemlimit_enabled: true },
    server: { http_listen_port: ports.http, log_format: "json" },
    distributor: {
      receivers: {
        otlp: {
          protocols: {
            // Tempo's receivers listen on localhost unless told otherwise.
            grpc: { endpoint: `0.0.0.0:${ports.otlpGrpc}` },
            http: { endpoint: `0.0.0.0:${ports.otlpHttp}` },
          },
        },
      },
    },
    live_store: {
      wal: { path: `${dataFolder}/live-store/traces` },
      shutdown_marker_dir: `${dataFolder}/live-store/shutdown-marker`,
      // Keeps the spans of one answer together; no later than the 30 s after which a search sees them anyway.
      max_trace_idle: "15s",
      max_trace_live: goDuration({ seconds: Math.max(30, tempo.longestAnswer.seconds) }),
    },
    storage: { trace: { ...storageSection(tempo.storage), wal: { path: `${dataFolder}/wal` } } },
    // Retention jobs read the worker's value; the scheduler's twin is accepted, and compaction reads it.
    backend_worker: { compaction: retention },
    backend_scheduler: {
      local_work_path: dataFolder,
      provider: { compaction: { compaction: retention } },
    },
    // A search may span all that is kept.
    query_frontend: { search: { max_duration: goDuration(tempo.retention) } },
    ...generatorSection({
      generator: generator(applications.services),
      longestAnswer: tempo.longestAnswer,
      maxActiveSeries: tempo.maxActiveSeries,
      remoteWriteUrl: remoteWriteUrl(prometheus),
      remoteWriteCredentials: prometheus.credentialsSecret !== undefined,
    }),
  };
}

/** Where Tempo writes the metrics. */
export const remoteWriteUrl = (prometheus: Settings["prometheus"]): string =>
  prometheus.remoteWriteUrl ?? `${prometheus.url}/api/v1/write`;

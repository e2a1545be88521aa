import { goDuration } from "../../settings/units.ts";
import type { Settings } from "../../settings.ts";
import { generator } from "../../telemetry/generator.ts";
import { generatorSections } from "./generator.ts";
import { ingestSections } from "./ingest.ts";
import { dataFolder, ports } from "./ports.ts";
import { storageSection } from "./storage.ts";

/** Tempo's configuration, as data; its YAML is strict, an unknown key keeps Tempo from starting. */
export type TempoConfig = Readonly<Record<string, unknown>>;

/** What of the settings Tempo's configuration follows from. */
export type TempoConfigArgs = Pick<
  Settings,
  "environment" | "cluster" | "tempo" | "prometheus" | "applications"
>;

/**
 * Configuration of a monolithic Tempo.
 *
 * Keys: docs/sources/tempo/configuration of v3.0.3 and v2.10.8. Values in braces (`${NAME}`) come from the environment.
 */
export function tempoConfig(args: TempoConfigArgs): TempoConfig {
  const { environment, cluster, tempo, prometheus, applications } = args;
  return {
    usage_report: { reporting_enabled: false },
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
    ...ingestSections(tempo),
    storage: { trace: { ...storageSection(tempo.storage), wal: { path: `${dataFolder}/wal` } } },
    query_frontend: {
      // A search may span all that is kept, a computation over spans a week of it; Tempo's own limit is a day.
      search: { max_duration: goDuration(tempo.retention) },
      metrics: { max_duration: goDuration({ seconds: Math.min(week, tempo.retention.seconds) }) },
    },
    ...generatorSections({
      generator: generator(applications.services),
      line: tempo.line,
      longestAnswer: tempo.longestAnswer,
      maxActiveSeries: tempo.maxActiveSeries,
      remoteWriteUrl: remoteWriteUrl(prometheus),
      remoteWriteCredentials: prometheus.credentialsSecret !== undefined,
      externalLabels: { environment, cluster: cluster.name ?? environment },
    }),
  };
}

const week = 7 * 24 * 3600;

/** Where Tempo writes the metrics. */
export const remoteWriteUrl = (prometheus: Settings["prometheus"]): string =>
  prometheus.remoteWriteUrl ?? `${prometheus.url}/api/v1/write`;

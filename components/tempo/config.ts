import { goDuration } from "../../settings/units.ts";
import type { Settings } from "../../settings.ts";
import { generator } from "../../telemetry/generator.ts";
import { generatorSections } from "./generator.ts";
import { ingestSections } from "./ingest.ts";
import { dataFolder, ports } from "./ports.ts";
import type { Keeping, Serving, TempoConfig } from "./schema.ts";
import { storageSection } from "./storage.ts";

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
  const serving: Serving = {
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
  };
  const keeping: Keeping = {
    storage: { trace: { ...storageSection(tempo.storage), wal: { path: `${dataFolder}/wal` } } },
    query_frontend: {
      // A search may span all that is kept, a computation over spans a week of it; Tempo's own limit is a day.
      search: { max_duration: goDuration(tempo.retention) },
      metrics: { max_duration: goDuration({ seconds: Math.min(week, tempo.retention.seconds) }) },
    },
  };
  const metrics = {
    generator: generator(applications.services),
    longestAnswer: tempo.longestAnswer,
    maxActiveSeries: tempo.maxActiveSeries,
    remoteWriteUrl: remoteWriteUrl(prometheus),
    remoteWriteCredentials: prometheus.credentialsSecret !== undefined,
    externalLabels: { environment, cluster: cluster.name ?? environment },
  };
  switch (tempo.line) {
    case "3.0":
      return {
        ...serving,
        ...ingestSections["3.0"](tempo),
        ...keeping,
        ...generatorSections["3.0"](metrics),
      };
    case "2.10":
      return {
        ...serving,
        ...ingestSections["2.10"](tempo),
        ...keeping,
        ...generatorSections["2.10"](metrics),
      };
  }
}

const week = 7 * 24 * 3600;

/** Where Tempo writes the metrics. */
export const remoteWriteUrl = (prometheus: Settings["prometheus"]): string =>
  prometheus.remoteWriteUrl ?? `${prometheus.url}/api/v1/write`;

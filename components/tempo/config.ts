import { otlpProtocols } from "../kubernetes/otlp.ts";
import type { TempoArgs } from "./args.ts";
import { distributedConfig } from "./distributed-config.ts";
import { goDuration } from "./duration.ts";
import { generatorSections } from "./generator.ts";
import { ingestSections } from "./ingest.ts";
import { dataFolder, ports } from "./ports.ts";
import type { Keeping, Serving, TempoConfig } from "./schema.ts";
import { storageSection } from "./storage.ts";

/**
 * Configuration of Tempo.
 *
 * Keys: docs/sources/tempo/configuration of v3.0.3 and v2.10.8. Values in braces (`${NAME}`) come from the environment.
 */
export function tempoConfig(args: TempoArgs): TempoConfig {
  const serving: Serving = {
    usage_report: { reporting_enabled: false },
    server: { http_listen_port: ports.http, log_format: "json" },
    distributor: {
      receivers: {
        otlp: {
          protocols: otlpProtocols(args.otlpTls),
        },
      },
    },
  };
  const keeping: Keeping = {
    storage: { trace: { ...storageSection(args.storage), wal: { path: `${dataFolder}/wal` } } },
    query_frontend: {
      // A search may span all that is kept, a computation over spans a week of it; Tempo's own limit is a day.
      search: { max_duration: goDuration(args.retentionSeconds), max_result_limit: mostTraces },
      metrics: { max_duration: goDuration(Math.min(week, args.retentionSeconds)) },
    },
  };
  switch (args.line) {
    case "3.0": {
      const monolith = {
        ...serving,
        ...ingestSections["3.0"](args),
        ...keeping,
        ...generatorSections["3.0"](args),
      };
      const { distributed } = args;
      return distributed ? distributedConfig(monolith, { ...args, distributed }) : monolith;
    }
    case "2.10":
      return {
        ...serving,
        ...ingestSections["2.10"](args),
        ...keeping,
        ...generatorSections["2.10"](args),
      };
  }
}

/**
 * Most traces that a search may ask for; Grafana's tables ask for 50 to 500, and more is refused (`adjustLimit` in
 * `modules/frontend/search_handlers.go`). Tempo's own limit is 262,144. One of 2.8, which has none, took 20 GB of memory for a
 * search for a billion.
 */
const mostTraces = 5000;

const week = 7 * 24 * 3600;

import { goDuration, type Duration } from "../../settings/units.ts";
import type { Generator } from "../../telemetry/generator.ts";
import { dataFolder } from "./ports.ts";

/** Environment variables that hold the remote write's credentials. */
export const remoteWriteEnv = {
  username: "REMOTE_WRITE_USERNAME",
  password: "REMOTE_WRITE_PASSWORD",
} as const;

interface GeneratorSectionArgs {
  readonly generator: Generator;
  readonly longestAnswer: Duration;
  readonly maxActiveSeries: number;
  readonly remoteWriteUrl: string;
  readonly remoteWriteCredentials: boolean;
}

/** The sections that make and ship metrics; the same in Tempo 3.0 and 2.10. */
export function generatorSection(args: GeneratorSectionArgs): Record<string, unknown> {
  const { generator } = args;
  return {
    metrics_generator: {
      registry: { collection_interval: goDuration({ seconds: generator.collectionIntervalSeconds }) },
      storage: {
        path: `${dataFolder}/generator/wal`,
        remote_write: [
          {
            url: args.remoteWriteUrl,
            ...(args.remoteWriteCredentials && {
              basic_auth: {
                username: `\${${remoteWriteEnv.username}}`,
                password: `\${${remoteWriteEnv.password}}`,
              },
            }),
          },
        ],
      },
      processor: {
        span_metrics: {
          histogram_buckets: generator.latencyBoundsSeconds,
          dimensions: generator.dimensions,
          filter_policies: [
            {
              include: { match_type: "regex", attributes: generator.include },
              exclude: { match_type: "regex", attributes: generator.exclude },
            },
          ],
        },
        service_graphs: {
          histogram_buckets: generator.edgeBoundsSeconds,
          peer_attributes: generator.peerAttributes,
          // An edge is counted when both its spans have come; LiteLLM's comes when the answer has ended.
          wait: goDuration(args.longestAnswer),
          max_items: 50_000,
        },
      },
    },
    overrides: {
      defaults: {
        metrics_generator: {
          // "span-metrics-latency" would discard our bounds.
          processors: ["service-graphs", "span-metrics"],
          max_active_series: args.maxActiveSeries,
        },
      },
    },
  };
}

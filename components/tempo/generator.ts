import type { Settings } from "../../settings.ts";
import { goDuration, type Duration } from "../../settings/units.ts";
import type { Generator } from "../../telemetry/generator.ts";
import type { externalLabels } from "../../telemetry/metrics.ts";
import { dataFolder } from "./ports.ts";

/** Environment variables that hold the remote write's credentials. */
export const remoteWriteEnv = {
  username: "REMOTE_WRITE_USERNAME",
  password: "REMOTE_WRITE_PASSWORD",
} as const;

interface GeneratorArgs {
  readonly generator: Generator;
  readonly line: Settings["tempo"]["line"];
  readonly longestAnswer: Duration;
  readonly maxActiveSeries: number;
  readonly remoteWriteUrl: string;
  readonly remoteWriteCredentials: boolean;
  readonly externalLabels: Readonly<Record<(typeof externalLabels)[number], string>>;
}

/**
 * The sections that make and ship metrics. Tempo 2.10 reads the same ones, but answers TraceQL metrics only from
 * blocks that its generator keeps as well (`local-blocks`); 3.0 refuses that processor.
 */
export function generatorSections(args: GeneratorArgs): Record<string, unknown> {
  const { generator } = args;
  const localBlocks = args.line === "2.10";
  return {
    metrics_generator: {
      registry: {
        collection_interval: goDuration({ seconds: generator.collectionIntervalSeconds }),
        external_labels: args.externalLabels,
      },
      storage: {
        path: `${dataFolder}/generator/wal`,
        remote_write: [
          {
            url: args.remoteWriteUrl,
            send_exemplars: true,
            ...(args.remoteWriteCredentials && {
              basic_auth: {
                username: `\${${remoteWriteEnv.username}}`,
                password: `\${${remoteWriteEnv.password}}`,
              },
            }),
          },
        ],
      },
      ...(localBlocks && { traces_storage: { path: `${dataFolder}/generator/traces` } }),
      processor: {
        ...(localBlocks && { local_blocks: { flush_to_storage: true, filter_server_spans: false } }),
        span_metrics: {
          histogram_buckets: generator.latencyBoundsSeconds,
          dimensions: generator.dimensions,
          filter_policies: [
            { include: { match_type: "regex", attributes: generator.include } },
            ...generator.exclude.map((attributes) => ({ exclude: { match_type: "regex", attributes } })),
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
          processors: ["service-graphs", "span-metrics", ...(localBlocks ? ["local-blocks"] : [])],
          max_active_series: args.maxActiveSeries,
          // 2.10 has no limit by label.
          ...(args.line === "3.0" && { max_cardinality_per_label: generator.maxValuesPerLabel }),
        },
      },
    },
  };
}

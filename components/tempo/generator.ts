import { processors, type Generator, type SpanMatch } from "../../telemetry/generator.ts";
import { remoteWriteEnv, remoteWriteUrl } from "../kubernetes/remote-write.ts";
import type { TempoArgs } from "./args.ts";
import { goDuration } from "./duration.ts";
import { ingestLimits, mostWaitingEdges } from "./limits.ts";
import { dataFolder } from "./ports.ts";
import type { Processors, Shipping, Tempo210, Tempo30 } from "./schema.ts";

type GeneratorArgs = Pick<
  TempoArgs,
  "generator" | "longestAnswerSeconds" | "maxActiveSeries" | "traffic" | "externalLabels" | "prometheus"
>;

/** The sections that make and ship metrics. */
export const generatorSections = {
  "3.0": (args: GeneratorArgs): Pick<Tempo30, Sections> => ({
    metrics_generator: { ...shipping(args), processor: processorSettings(args) },
    overrides: {
      defaults: {
        ...ingestLimits(args.traffic),
        metrics_generator: {
          processors,
          max_active_series: args.maxActiveSeries,
          ...histogramForm(args.generator),
          max_cardinality_per_label: args.generator.maxValuesPerLabel,
        },
      },
    },
  }),
  // 2.10 answers TraceQL metrics only from blocks that its generator keeps as well; 3.0 refuses that processor. It has
  // no limit by label.
  "2.10": (args: GeneratorArgs): Pick<Tempo210, Sections> => ({
    metrics_generator: {
      ...shipping(args),
      traces_storage: { path: `${dataFolder}/generator/traces` },
      processor: {
        local_blocks: { flush_to_storage: true, filter_server_spans: false },
        ...processorSettings(args),
      },
    },
    overrides: {
      defaults: {
        ...ingestLimits(args.traffic),
        metrics_generator: {
          processors: [...processors, "local-blocks"],
          max_active_series: args.maxActiveSeries,
          ...histogramForm(args.generator),
        },
      },
    },
  }),
};

/** Tempo's own default is classic. With native ones its remote write sends them, whatever `send_native_histograms` says. */
const histogramForm = ({ histograms }: Generator) =>
  histograms === "native" && { generate_native_histograms: histograms };

type Sections = "metrics_generator" | "overrides";

const shipping = (args: GeneratorArgs): Shipping => ({
  registry: {
    collection_interval: goDuration(args.generator.collectionIntervalSeconds),
    external_labels: args.externalLabels,
  },
  storage: {
    path: `${dataFolder}/generator/wal`,
    remote_write: [
      {
        url: remoteWriteUrl(args.prometheus),
        send_exemplars: true,
        ...(args.prometheus.credentialsSecret && {
          basic_auth: {
            username: `\${${remoteWriteEnv.username}}`,
            password: `\${${remoteWriteEnv.password}}`,
          },
        }),
      },
    ],
  },
});

/** Named apart in `overrides`: "span-metrics-latency" in place of "span-metrics" would discard our bounds. */
const processorSettings = ({ generator, longestAnswerSeconds, traffic }: GeneratorArgs): Processors => ({
  span_metrics: {
    ...bounds(generator, generator.latencyBoundsSeconds),
    dimensions: generator.dimensions,
    filter_policies: [
      { include: { match_type: "regex", attributes: generator.include.map(anchored) } },
      ...generator.exclude.map((attributes) => ({
        exclude: { match_type: "regex" as const, attributes: attributes.map(anchored) },
      })),
    ],
  },
  service_graphs: {
    ...bounds(generator, generator.edgeBoundsSeconds),
    peer_attributes: generator.peerAttributes,
    // An edge is counted when both its spans have come; LiteLLM's comes when the answer has ended.
    wait: goDuration(longestAnswerSeconds),
    max_items: mostWaitingEdges(traffic, longestAnswerSeconds),
  },
});

/** Tempo reads no bounds for native histograms. */
const bounds = ({ histograms }: Generator, seconds: readonly number[]) =>
  histograms === "classic" && { histogram_buckets: seconds };

/** Tempo finds a policy's regex anywhere in a value (`pkg/spanfilter/policymatch`): `open-webui` in `my-open-webui`, too. */
const anchored = ({ key, value }: SpanMatch): SpanMatch => ({ key, value: `^(?:${value})$` });

import { readFileSync } from "node:fs";

/** A value of an attribute, as OTLP's JSON has it. */
type Value = Readonly<Record<string, unknown>>;

interface KeyValue {
  readonly key: string;
  readonly value: Value;
}

/** A data point of a metric, as far as it is read here. Of a histogram it is exponential. */
export interface DataPoint {
  readonly attributes?: readonly KeyValue[];
  readonly count?: string;
  readonly sum?: number;
  readonly asInt?: string;
  readonly scale?: number;
  readonly zeroCount?: string;
  /** Observations of each bucket from `offset` on: bucket i holds what is above 2^(i / 2^scale). */
  readonly positive?: { readonly offset?: number; readonly bucketCounts?: readonly number[] };
}

/** A metric with its data points. */
export interface ExportedMetric {
  readonly name: string;
  readonly unit?: string;
  readonly gauge?: { readonly dataPoints: readonly DataPoint[] };
  readonly exponentialHistogram?: { readonly dataPoints: readonly DataPoint[] };
}

/** What an application sends at a time: the body of an OTLP request in JSON. */
export interface MetricsExport {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string };
      readonly metrics: readonly ExportedMetric[];
    }[];
  }[];
}

/** An export of a recording. */
export interface RecordedExport {
  /** What had been done until then. */
  readonly after: string;
  /** Seconds since the first export of the recording. */
  readonly seconds: number;
  readonly request: MetricsExport;
}

/**
 * Recordings of metrics, each what real processes sent one after the other with the variables that the stack gives them, through
 * a collector that wrote JSON. Paths and the host's name and id are replaced; but for the first export of `litellm` and that of
 * `openWebui`, only LiteLLM's own metrics are kept of each. `litellmWithPeople` is the same without the list of attributes in
 * LiteLLM's configuration.
 */
export const metricsRecordings = {
  litellm: "litellm-1.106.2",
  litellmWithPeople: "litellm-1.106.2-with-people",
  openWebui: "open-webui-0.12.4",
} as const;

/** Reads a recording. */
export const recordedMetrics = (name: keyof typeof metricsRecordings): readonly RecordedExport[] =>
  JSON.parse(
    readFileSync(new URL(`recorded/metrics/${metricsRecordings[name]}.json`, import.meta.url), "utf8"),
  ) as RecordedExport[];

/** The same export, taken at a moment in milliseconds since 1970. */
export function takenAt(request: MetricsExport, milliseconds: number): MetricsExport {
  const nanoseconds = `${Math.round(milliseconds)}000000`;
  return JSON.parse(JSON.stringify(request), (key, value: unknown) =>
    key === "timeUnixNano" ? nanoseconds : key === "startTimeUnixNano" ? undefined : value,
  ) as MetricsExport;
}

/** The same export, from a resource with other attributes; those that are null it does not have. */
export const sentBy = (
  request: MetricsExport,
  changed: Readonly<Record<string, string | null>>,
): MetricsExport => ({
  resourceMetrics: request.resourceMetrics.map(({ resource, ...rest }) => ({
    resource: {
      attributes: [
        ...resource.attributes.filter(({ key }) => !(key in changed)),
        ...Object.entries(changed)
          .filter(([, value]) => value !== null)
          .map(([key, stringValue]) => ({ key, value: { stringValue } })),
      ],
    },
    ...rest,
  })),
});

/** A text or number of an attribute. */
export const textOf = (attributes: readonly KeyValue[] | undefined, key: string): string | undefined => {
  const value = attributes?.find((attribute) => attribute.key === key)?.value;
  return value && String(Object.values(value)[0]);
};

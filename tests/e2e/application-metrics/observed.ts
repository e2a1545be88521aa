import {
  textOf,
  type DataPoint,
  type MetricsExport,
  type RecordedExport,
} from "../../../traffic/recorded-metrics.ts";

/** What a process measured between two exports, with the attributes that LiteLLM gave it. */
export interface Observed {
  readonly metric: string;
  readonly operation: string;
  /** As LiteLLM's configuration names it; without a provider where LiteLLM names none. */
  readonly model: string;
  /** Empty where nothing failed. */
  readonly error: string;
  /** Middles of the buckets in which the values lie: as many as there were, in rising order. */
  readonly values: readonly number[];
  /** How many times wider than its lower end the widest of those buckets is. */
  readonly width: number;
}

/** What was measured from one export to a later one of the same process; without an earlier one, since its start. */
export const observedBetween = (before: RecordedExport | undefined, after: RecordedExport): Observed[] =>
  pointsOf(after.request).map(({ metric, point }) => {
    const earlier = before && pointsOf(before.request).find((each) => isSame(each, { metric, point }))?.point;
    const text = (key: string) => textOf(point.attributes, key) ?? "";
    const provider = text("gen_ai.system");
    const scale = Math.min(...[point, ...(earlier ? [earlier] : [])].map(scaleOf));
    const counts = countsAt(scale, point);
    for (const [bucket, count] of earlier ? countsAt(scale, earlier) : [])
      counts.set(bucket, counts.get(bucket)! - count);
    return {
      metric,
      operation: text("gen_ai.operation.name"),
      model: `${provider && `${provider}/`}${text("gen_ai.request.model")}`,
      error: text("error.type"),
      values: [...counts]
        .sort(([a], [b]) => a - b)
        .flatMap(([bucket, count]) => Array<number>(count).fill(2 ** ((bucket + 0.5) / 2 ** scale))),
      width: 2 ** (1 / 2 ** scale),
    };
  });

interface Placed {
  readonly metric: string;
  readonly point: DataPoint;
}

const pointsOf = ({ resourceMetrics }: MetricsExport): Placed[] =>
  resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
    .flatMap(({ name, exponentialHistogram }) =>
      (exponentialHistogram?.dataPoints ?? [])
        .filter(({ attributes }) => textOf(attributes, "gen_ai.operation.name") !== undefined)
        .map((point) => ({ metric: name, point })),
    );

const isSame = (a: Placed, b: Placed): boolean =>
  a.metric === b.metric && JSON.stringify(a.point.attributes) === JSON.stringify(b.point.attributes);

/** OTLP leaves out what is 0. */
const scaleOf = ({ scale = 0 }: DataPoint): number => scale;

/** Counts by bucket, of buckets as wide as those of a smaller scale. */
function countsAt(scale: number, point: DataPoint): Map<number, number> {
  const { positive } = point;
  const counts = new Map<number, number>();
  positive?.bucketCounts?.forEach((count, index) => {
    const bucket = ((positive.offset ?? 0) + index) >> (scaleOf(point) - scale);
    if (count > 0) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  });
  return counts;
}

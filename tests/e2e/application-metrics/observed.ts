import {
  textOf,
  type DataPoint,
  type ExportedMetric,
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
  /** Of tokens alone: `input` or `output`. */
  readonly tokenType: string;
  /** What the values add up to. */
  readonly sum: number;
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
      tokenType: text("gen_ai.token.type"),
      sum: (point.sum ?? 0) - (earlier?.sum ?? 0),
      values: [...counts]
        .sort(([a], [b]) => a - b)
        .flatMap(([bucket, count]) => Array<number>(count).fill(2 ** ((bucket + 0.5) / 2 ** scale))),
      width: 2 ** (1 / 2 ** scale),
    };
  });

/** An export of a metric alone, of a series of which these are the values, as the SDK counts them: in 160 buckets at most. */
export function exportOf(values: readonly number[], metric: string, like: RecordedExport): MetricsExport {
  const bucketsAt = (scale: number) => values.map((value) => Math.ceil(Math.log2(value) * 2 ** scale) - 1);
  const widthAt = (scale: number) => Math.max(...bucketsAt(scale)) - Math.min(...bucketsAt(scale)) + 1;
  let scale = 20;
  while (widthAt(scale) > 160) scale--;
  const offset = Math.min(...bucketsAt(scale));
  const bucketCounts = Array<number>(widthAt(scale)).fill(0);
  for (const bucket of bucketsAt(scale)) bucketCounts[bucket - offset]!++;
  const sum = values.reduce((total, value) => total + value);
  const counted = { count: `${values.length}`, sum, scale, positive: { offset, bucketCounts } };
  const only = (each: ExportedMetric): ExportedMetric[] => {
    const histogram = each.exponentialHistogram;
    if (each.name !== metric || !histogram) return [];
    const dataPoints = histogram.dataPoints.slice(0, 1).map((point) => ({ ...point, ...counted }));
    return [{ ...each, exponentialHistogram: { ...histogram, dataPoints } }];
  };
  return {
    resourceMetrics: like.request.resourceMetrics.map((of) => ({
      ...of,
      scopeMetrics: of.scopeMetrics.map((scope) => ({ ...scope, metrics: scope.metrics.flatMap(only) })),
    })),
  };
}

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

import type { HistogramForm } from "../generator.ts";
import { labels, parts } from "../metrics.ts";
import { is, sum } from "./promql.ts";

/** Growth of a histogram's series, as a rate or over a window; of those alone that meet the further matchers. */
export type Growth = (series: string, ...matchers: readonly string[]) => string;

/** What is asked of a histogram, in PromQL; by labels or of all. */
export interface HistogramQueries {
  /** The value that a share of the observations does not exceed. */
  readonly quantile: (quantile: number, ...by: readonly string[]) => string;
  /** How many observations there were. */
  readonly count: (...by: readonly string[]) => string;
  /** What they add up to. */
  readonly total: (...by: readonly string[]) => string;
  /** Share of them, from 0 to 1, that does not exceed a value; of classic ones it is a bound. */
  readonly shareWithin: (value: number, ...by: readonly string[]) => string;
  /** How many exceed it: 0, not nothing, while there are none. */
  readonly beyond: (value: number, ...by: readonly string[]) => string;
  /** How many there are of each size, for a heatmap. */
  readonly spread: string;
}

/**
 * What is asked of a histogram, in either form.
 *
 * @param form - How Prometheus keeps it.
 * @param name - Its name, without the endings of its series.
 * @param growth - Over which time, and of which series.
 */
export const histogram = (form: HistogramForm, name: string, growth: Growth): HistogramQueries =>
  ({ classic, native })[form](name, growth);

/** The same of a histogram that Prometheus may hold in either form, depending on how it scrapes. */
export const ofEitherForm = (
  name: string,
  growth: Growth,
  question: (queries: HistogramQueries) => string,
): string => `(${question(classic(name, growth))} or ${question(native(name, growth))})`;

function classic(name: string, growth: Growth): HistogramQueries {
  const series = parts(name);
  const count = (...by: readonly string[]) => sum(growth(series.count), ...by);
  const within = (value: number, ...by: readonly string[]) =>
    sum(growth(series.buckets, is(labels.bound, String(value))), ...by);
  return {
    quantile: (quantile, ...by) =>
      `histogram_quantile(${quantile}, ${sum(growth(series.buckets), labels.bound, ...by)})`,
    count,
    total: (...by) => sum(growth(series.sum), ...by),
    shareWithin: (value, ...by) => `${within(value, ...by)} / ${count(...by)}`,
    beyond: (value, ...by) => `${count(...by)} - ${within(value, ...by)}`,
    spread: sum(growth(series.buckets), labels.bound),
  };
}

function native(name: string, growth: Growth): HistogramQueries {
  const of = (...by: readonly string[]) => sum(growth(name), ...by);
  const count = (...by: readonly string[]) => `histogram_count(${of(...by)})`;
  const shareWithin = (value: number, ...by: readonly string[]) =>
    `histogram_fraction(0, ${value}, ${of(...by)})`;
  return {
    quantile: (quantile, ...by) => `histogram_quantile(${quantile}, ${of(...by)})`,
    count,
    total: (...by) => `histogram_sum(${of(...by)})`,
    shareWithin,
    // Of no observations the share is not a number, which no later average would get rid of.
    beyond: (value, ...by) =>
      `${count(...by)} * (1 - ${shareWithin(value, ...by)}) >= 0 or 0 * ${count(...by)}`,
    spread: of(),
  };
}

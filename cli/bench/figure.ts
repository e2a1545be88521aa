import { alignRows } from "../report.ts";

/** A figure with the runs it is the median of. */
export interface Figure {
  readonly name: string;
  readonly values: readonly number[];
  readonly unit: string;
  readonly goal?: string;
}

/** Figures as a table: median, range, goal. */
export const figureLines = (figures: readonly Figure[]): string[] =>
  alignRows([
    ["FIGURE", "MEDIAN", "RANGE", "GOAL"],
    ...figures.map(({ name, values, unit, goal }) => [
      name,
      `${round(median(values))} ${unit}`,
      values.length > 1 ? `${round(Math.min(...values))} – ${round(Math.max(...values))}` : "",
      goal ?? "",
    ]),
  ]);

/** The middle value. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value below which that share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** How long work takes, in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const round = (value: number): string => (value >= 1000 ? String(Math.round(value)) : value.toPrecision(3));

import { alignRows } from "../../terminal/table.ts";

/** A figure with the runs it is the median of. */
export interface Figure {
  readonly name: string;
  readonly values: readonly number[];
  readonly unit: string;
  readonly goal?: string;
}

/** Figures as rows: median, range, goal. */
export const figureLines = (figures: readonly Figure[], head?: readonly string[]): string[] =>
  alignRows([
    ...(head ? [head] : []),
    ...figures.map(({ name, values, unit, goal }) => [
      name,
      `${round(median(values))} ${unit}`,
      values.length > 1 ? `${round(Math.min(...values))} – ${round(Math.max(...values))}` : "",
      goal ?? "",
    ]),
  ]);

/** The middle value; of an even number, the upper one of the two. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value that so large a part of them is below, such as 0.95. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * part)] ?? NaN;
}

/** How long work takes, in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const round = (value: number): string => (value >= 1000 ? String(Math.round(value)) : value.toPrecision(3));

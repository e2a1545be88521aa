import type { Settings } from "../../settings.ts";
import { budgetOf } from "../../settings/budget.ts";

/** What the declared traffic will take, in a line. */
export function budgetLine(settings: Settings): string {
  const { series, spansPerSecond, traceBytes, volumeBytes } = budgetOf(settings);
  const { maxActiveSeries, volume } = settings.tempo;
  return (
    `${grouped(spansPerSecond)} spans/s make ${grouped(series)} of at most ${grouped(maxActiveSeries)} series, ` +
    `and ${gibibytes(traceBytes)} of traces; ${gibibytes(volumeBytes)} on a volume of ${volume.size.text}`
  );
}

const grouped = (count: number): string => Math.round(count).toLocaleString("en-US");

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

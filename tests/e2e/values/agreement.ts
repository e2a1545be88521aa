import assert from "node:assert/strict";
import { waitFor } from "../../../clients/wait.ts";
import type { Lines } from "./prometheus-panels.ts";

/**
 * How far a value may be from the one computed by hand, as a share of it. The window of every rate begins 1 ms before
 * one collection of Tempo's and ends at another, so that Prometheus extrapolates over that millisecond only; the rest
 * is rounding. A single request more or less changes a value by ten times as much.
 */
export const tolerance = 0.001;

/** Requires the same lines with the same values, or within another share of them. */
export function agree(found: Lines, expected: Lines, share = tolerance): void {
  const close = Object.keys(expected).every((key) => isClose(found[key] ?? NaN, expected[key]!, share));
  if (!close || Object.keys(found).length !== Object.keys(expected).length) assert.deepEqual(found, expected);
}

/** Whether two values differ by no more than the tolerance. */
export const isClose = (found: number, expected: number, share = tolerance): boolean =>
  Math.abs(found - expected) <= share * Math.abs(expected) + 1e-9;

/** Tries until it succeeds: Tempo's search sees a trace a while after it was sent. */
export async function eventually(deadlineSeconds: number, attempt: () => Promise<void>): Promise<void> {
  let failure: unknown;
  const succeeded = () =>
    attempt().then(
      () => true,
      (error: unknown) => {
        failure = error;
        return false;
      },
    );
  // The failure itself says how far what was found is from what was expected.
  await waitFor("agreement", deadlineSeconds, succeeded, { pauseSeconds: 0.5 }).catch(() => {
    throw failure;
  });
}

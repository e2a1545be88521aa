import type { Thresholds } from "../panels.ts";

/** Shares of failed requests, in percent. */
export const failedThresholds: Thresholds = [
  { color: "green" },
  { color: "orange", from: 1 },
  { color: "red", from: 5 },
];

/** Durations that are slow from so many seconds. */
export const slowFrom = (seconds: number): Thresholds => [
  { color: "green" },
  { color: "orange", from: seconds },
];

/** A number that is neither good nor bad: grey while there is nothing. */
export const busyThresholds: Thresholds = [{ color: "text" }, { color: "blue", from: 0.001 }];

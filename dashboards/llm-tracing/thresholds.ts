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

/** A share in percent that is to be kept. */
export const keptFrom = (objective: number): Thresholds => [
  { color: "red" },
  { color: "green", from: objective },
];

/** What is left of a budget, in percent. */
export const budgetThresholds: Thresholds = [
  { color: "red" },
  { color: "orange", from: 0 },
  { color: "green", from: 25 },
];

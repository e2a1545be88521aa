/**
 * What the panels must show of given traces, by plain arithmetic on the spans: no query, no setting of Tempo's and
 * nothing of `telemetry/signals.ts` is used, so that a wrong query cannot agree with itself.
 */
export * from "./expected/requests.ts";
export { bucketCounts, histogramQuantile } from "./expected/histogram.ts";
export { edges } from "./expected/edges.ts";
export type { Edge } from "./expected/edges.ts";
export { byModel, byUser, databaseSeconds, failuresByClass } from "./expected/models.ts";
export { recentCalls, recentRequests, searchId, slowRequests } from "./expected/tables.ts";
export type { Rows } from "./expected/tables.ts";

/**
 * The roles of a distributed Tempo 3.0, in the order a span passes them, then those of queries and of blocks. Each is Tempo's
 * own program with `-target=<role>`. The one list of them: workloads, policies, scrape, alerts and pages follow from it.
 */
export const tempoRoles = [
  "distributor",
  "live-store",
  "block-builder",
  "metrics-generator",
  "query-frontend",
  "querier",
  "backend-scheduler",
  "backend-worker",
] as const;

export type TempoRole = (typeof tempoRoles)[number];

/** Each partition has a live-store in each zone: a query needs one of them. */
export const liveStoreZones = ["zone-a", "zone-b"] as const;

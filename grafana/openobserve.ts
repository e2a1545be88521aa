/** Where OpenObserve keeps the applications' logs. */
export interface LogStore {
  readonly organization: string;
  readonly stream: string;
}

/**
 * A query of the OpenObserve plugin. Its editor overwrites a query that lacks `organization`, `stream` or `sqlMode`.
 *
 * Source: `src/types.ts` of openobserve/openobserve-grafana-plugin 1.0.0.
 */
export const openobserveQuery = (
  { organization, stream }: LogStore,
  sql: string,
  displayMode: "auto" | "logs",
) => ({
  organization,
  stream,
  sqlMode: true,
  query: sql,
  displayMode,
});

import type { DatasourceRef } from "./datasources.ts";

/**
 * A link into Grafana's Explore with one query, over the range that the place of the link shows.
 * Everything is percent-encoded but Grafana's variables (`${…}`), which it fills in afterwards.
 *
 * @param path - Explore's address, such as `/explore` or `https://grafana.example.org/explore`.
 */
export function exploreUrl(
  path: string,
  datasource: DatasourceRef,
  query: Readonly<Record<string, unknown>>,
): string {
  const panes = {
    a: {
      datasource: datasource.uid,
      queries: [{ refId: "A", datasource, ...query }],
      range: { from: "${__from}", to: "${__to}" },
    },
  };
  const encoded = encodeURIComponent(JSON.stringify(panes)).replace(/%24%7B([\w.]+)%7D/g, "${$1}");
  return `${path}?schemaVersion=1&panes=${encoded}`;
}

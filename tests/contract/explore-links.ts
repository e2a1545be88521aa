import type { Target } from "./dashboard-json.ts";
import { targetQueries, unreadable, type PlacedQuery, type Site } from "./targets.ts";
import { everywhere, substitute } from "./variables.ts";

/** The queries that a link into Explore carries; none for other links. */
export function exploreQueries(url: string, site: Site): PlacedQuery[] {
  if (!/(^|\/)explore\?/.test(url)) return [];
  const { texts, unknown } = substitute(url, { ...everywhere, ...site.variables });
  if (unknown.length > 0)
    return [unreadable(site.place, `nothing fills in the variable $${unknown.join(", $")}`)];
  return texts.flatMap((text) => {
    const panes = panesIn(text);
    if (!panes) return [unreadable(site.place, "Explore cannot read the link's panes")];
    return Object.values(panes).flatMap(({ queries }) =>
      queries.flatMap((target) => targetQueries(target, site)),
    );
  });
}

type Panes = Readonly<Record<string, { readonly queries: readonly Target[] }>>;

function panesIn(url: string): Panes | undefined {
  try {
    return JSON.parse(decodeURIComponent(/[?&]panes=([^&]*)/.exec(url)?.[1] ?? "")) as Panes;
  } catch {
    return undefined;
  }
}

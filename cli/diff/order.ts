import { isPlain } from "./compare.ts";
import type { Snapshot } from "./snapshot.ts";

/** Environments in the order in which a change travels through them (`promotion.from`), by name where that is open. */
export function travelOrder(names: readonly string[], { settings }: Pick<Snapshot, "settings">): string[] {
  const depth = (name: string, seen: readonly string[] = []): number => {
    const from = upstream(settings.get(name));
    return from === undefined || seen.includes(from) ? 0 : 1 + depth(from, [...seen, name]);
  };
  return names.toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : a > b ? 1 : 0));
}

function upstream(file: unknown): string | undefined {
  const config = isPlain(file) ? file["config"] : undefined;
  const promotion = isPlain(config) ? config["llm-tracing:promotion"] : undefined;
  const from = isPlain(promotion) ? promotion["from"] : undefined;
  return typeof from === "string" ? from : undefined;
}

import { costs, type Change, type Cost, type Report } from "./report.ts";
import { visible } from "./values.ts";

/** What a change is about, as far as its section does not say it. */
export const subjectOf = ({ section, subject }: Change): string | undefined =>
  section === "tempo" || section === "settings" ? undefined : visible(subject);

/** What of it changes. */
export const fieldsOf = ({ fields }: Change): string[] => fields.map(visible);

/** `dev, staging`. */
export const environmentsOf = ({ environments }: Change): string => environments.map(visible).join(", ");

/** `4 changes`, and for settings alone that they are all there is. */
export function totalOf({ changes }: Report): string {
  const count = changes.filter(({ section }) => section !== "settings").length;
  if (count === 0) return changes.length === 0 ? "No change" : "Settings change, but no object does";
  return count === 1 ? "1 change" : `${count} changes`;
}

const counted: Readonly<Record<Cost, string>> = {
  "data at risk": "with data at risk",
  replaced: "replaced",
  "Tempo restarts": "restarting Tempo",
  "in place": "in place",
};

/** Environments and their counts, `1 with data at risk, 3 in place`; those of the same counts together, the worst first. */
export function countLines({ counts }: Report): [environments: string, counts: string][] {
  const lines = new Map<string, { names: string[]; worst: number }>();
  for (const [environment, count] of Object.entries(counts)) {
    const there = costs.filter((cost) => count[cost] !== undefined);
    const text = there.map((cost) => `${count[cost]} ${counted[cost]}`).join(", ");
    const line = lines.get(text) ?? { names: [], worst: costs.indexOf(there[0]!) };
    line.names.push(visible(environment));
    lines.set(text, line);
  }
  return [...lines]
    .sort(([, a], [, b]) => a.worst - b.worst)
    .map(([text, { names }]) => [names.join(", "), text]);
}

/** Changes of one section and the same environments stand together. */
export function grouped(changes: readonly Change[]): Change[][] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = JSON.stringify([change.section, change.environments]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()];
}

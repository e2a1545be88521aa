import { costs, sections, type Change, type Cost, type Finding } from "./report.ts";

/**
 * Says each finding once, with all environments that it is the same in; in the order in which things are shown.
 *
 * @param found - Findings by environment, in the order of environments.
 */
export function merge(found: ReadonlyMap<string, readonly Finding[]>): Change[] {
  const changes = new Map<string, Finding & { environments: string[] }>();
  for (const environment of found.keys()) {
    for (const finding of found.get(environment)!) {
      const key = JSON.stringify(finding);
      const known = changes.get(key);
      if (known && !known.environments.includes(environment)) known.environments.push(environment);
      if (!known) changes.set(key, { ...finding, environments: [environment] });
    }
  }
  const environments = [...found.keys()];
  const first = ({ environments: [name] }: Change) => environments.indexOf(name!);
  // Sorting keeps what is equal in the order in which it was found.
  return [...changes.values()].sort(
    (a, b) =>
      sections.indexOf(a.section) - sections.indexOf(b.section) ||
      b.environments.length - a.environments.length ||
      first(a) - first(b) ||
      compareText(a.environments.join(), b.environments.join()),
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** How many changes of each environment have which worst cost, worst first. */
export function countsOf(
  environments: readonly string[],
  changes: readonly Change[],
): Record<string, Partial<Record<Cost, number>>> {
  const counted = environments.map((environment) => {
    const worst = changes
      .filter((change) => change.environments.includes(environment))
      .map((change) => change.costs[0]);
    const counts = costs.flatMap((cost): [Cost, number][] => {
      const count = worst.filter((other) => other === cost).length;
      return count === 0 ? [] : [[cost, count]];
    });
    return [environment, Object.fromEntries(counts)] as const;
  });
  return Object.fromEntries(counted.filter(([, counts]) => Object.keys(counts).length > 0));
}

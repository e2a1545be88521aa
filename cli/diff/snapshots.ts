import { UserError } from "../../errors.ts";
import { strip } from "../../settings/keys.ts";
import { compare, isPlain, type Plain } from "./compare.ts";
import { objectFindings } from "./objects.ts";
import { costs, fieldFinding, sections, wholeFinding } from "./report.ts";
import type { Change, Cost, Finding, Impact, Report } from "./report.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Compares what two sides hold.
 *
 * @param only - Environments to compare; all of them when it is empty.
 * @throws UserError when one of those is on neither side.
 */
export function compareSnapshots(base: Snapshot, head: Snapshot, only: readonly string[] = []): Report {
  const names = new Set([...base.environments.keys(), ...head.environments.keys()]);
  const there = travelOrder([...names], head);
  for (const name of only) {
    if (there.includes(name)) continue;
    throw new UserError(`There is no environment "${name}" to compare. There are: ${there.join(", ")}.`, 2);
  }
  const environments = only.length > 0 ? there.filter((name) => only.includes(name)) : there;
  const changes = merged(new Map(environments.map((name) => [name, findings(base, head, name)])));
  const counts = environments.flatMap((name) => {
    const there = countCosts(changes.filter((change) => change.environments.includes(name)));
    return Object.keys(there).length === 0 ? [] : [[name, there] as const];
  });
  const [{ title: from }, { title: to }] = [base, head];
  return { schema: 1, base: from, head: to, environments, counts: Object.fromEntries(counts), changes };
}

/** Environments in the order in which a change travels through them (`promotion.from`), by name where that is open. */
export function travelOrder(names: readonly string[], { settings }: Pick<Snapshot, "settings">): string[] {
  const depth = (name: string, seen: readonly string[] = []): number => {
    const { promotion } = settingsOf(settings.get(name));
    const from = isPlain(promotion) ? promotion["from"] : undefined;
    return typeof from !== "string" || seen.includes(from) ? 0 : 1 + depth(from, [...seen, name]);
  };
  return names.toSorted((a, b) => depth(a) - depth(b) || byText(a, b));
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function findings(base: Snapshot, head: Snapshot, environment: string): Finding[] {
  const [before, after] = [base.environments.get(environment), head.environments.get(environment)];
  if (before && after) {
    const [old, next] = [base, head].map(({ settings }) => settingsOf(settings.get(environment)));
    const about = { section: "settings", subject: "Settings" } as const;
    const settings = compare(old, next).map((change) => fieldFinding(about, change, { costs: [] }));
    return [...objectFindings(before, after), ...settings];
  }
  const count = (before ?? after)!.length;
  const about = { section: "objects", subject: `The environment with all ${count} objects` } as const;
  return [after ? wholeFinding(about, "added") : wholeFinding(about, "removed", {}, environmentRemoved)];
}

const environmentRemoved: Impact = {
  costs: ["data at risk"],
  note: "Pulumi leaves a running stack as it is; GitOps that prunes deletes its claim with its traces.",
};

/** What a `Pulumi.<environment>.yaml` says, the project's own keys as the documentation names them. */
function settingsOf(file: unknown): Plain {
  const { config, ...rest } = isPlain(file) ? file : {};
  const own = Object.entries(isPlain(config) ? config : {});
  return {
    ...rest,
    ...Object.fromEntries(own.map(([key, value]) => [strip(key) ?? key, value])),
  };
}

/**
 * Says each finding once, with all environments that it is the same in; in the order in which things are shown.
 *
 * @param found - Findings by environment, in the order of environments.
 */
function merged(found: ReadonlyMap<string, readonly Finding[]>): Change[] {
  const changes = new Map<string, Finding & { environments: string[] }>();
  for (const [environment, findings] of found) {
    for (const finding of findings) {
      const key = JSON.stringify(finding);
      const known = changes.get(key);
      if (!known) changes.set(key, { ...finding, environments: [environment] });
      else if (!known.environments.includes(environment)) known.environments.push(environment);
    }
  }
  const order = [...found.keys()];
  // Sorting keeps what is equal in the order in which it was found.
  return [...changes.values()].sort(
    (a, b) =>
      sections.indexOf(a.section) - sections.indexOf(b.section) ||
      b.environments.length - a.environments.length ||
      order.indexOf(a.environments[0]!) - order.indexOf(b.environments[0]!) ||
      byText(a.environments.join(), b.environments.join()),
  );
}

/** How many changes have which worst cost, worst first. */
function countCosts(changes: readonly Change[]): Partial<Record<Cost, number>> {
  const counts = costs.map((cost) => [cost, changes.filter(({ costs: [worst] }) => worst === cost).length]);
  return Object.fromEntries(counts.filter(([, count]) => count !== 0)) as Partial<Record<Cost, number>>;
}

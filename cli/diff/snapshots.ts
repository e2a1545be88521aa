import { UserError } from "../../errors.ts";
import { countsOf, merge } from "./merge.ts";
import { objectFindings } from "./objects.ts";
import { travelOrder } from "./order.ts";
import type { Finding, Report } from "./report.ts";
import { settingsFindings } from "./settings.ts";
import type { KubernetesObject, Snapshot } from "./snapshot.ts";

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
  const found = new Map(environments.map((name) => [name, findings(base, head, name)]));
  const changes = merge(found);
  return {
    schema: 1,
    base: base.title,
    head: head.title,
    environments,
    counts: countsOf(environments, changes),
    changes,
  };
}

function findings(base: Snapshot, head: Snapshot, environment: string): Finding[] {
  const [before, after] = [base.environments.get(environment), head.environments.get(environment)];
  const settings = settingsFindings(base.settings.get(environment), head.settings.get(environment));
  if (before && after) return [...objectFindings(before, after), ...settings];
  return [before ? removed(before) : added(after!)];
}

const whole = (objects: readonly KubernetesObject[]) =>
  ({
    section: "objects",
    subject: `The environment with all ${objects.length} objects`,
    fields: [],
  }) as const;

const added = (objects: readonly KubernetesObject[]): Finding => ({
  ...whole(objects),
  action: "added",
  costs: ["in place"],
});

const removed = (objects: readonly KubernetesObject[]): Finding => ({
  ...whole(objects),
  action: "removed",
  costs: ["data at risk"],
  note: "Pulumi leaves a running stack as it is; GitOps that prunes deletes its claim with its traces.",
});

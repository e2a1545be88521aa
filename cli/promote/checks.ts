import { UserError } from "../../errors.ts";
import { hasChanges, type Changes } from "../../engine/operation.ts";
import { describeRelease, isDowngrade, isSameBundle, type Release } from "../../release/version.ts";

/**
 * Checks that an environment is promoted from another.
 *
 * @param source - The target's setting `promotion.from`.
 * @throws UserError, wrong use, when it is not
 */
export function requireRoute(from: string, to: string, source: string | undefined): void {
  if (source === from) return;
  const why =
    source === undefined
      ? `"${to}" is promoted from nowhere (promotion.from is not set): deploy it with pulumi up --stack ${to}.`
      : `"${to}" is promoted from "${source}" (promotion.from), not from "${from}".`;
  throw new UserError(why, 2);
}

/**
 * Checks that an environment runs what this working tree has.
 *
 * @throws UserError that says what runs there and what to do
 */
export function requireSameRelease(from: string, deployed: Release | undefined, own: Release): Release {
  if (!deployed) {
    throw new UserError(
      `"${from}" was never deployed, so there is nothing to promote: pulumi up --stack ${from}.`,
    );
  }
  if (isSameBundle(deployed, own)) return deployed;
  throw new UserError(
    `"${from}" runs ${describeRelease(deployed)}, but this working tree is ${describeRelease(own)}: ` +
      `check out what "${from}" runs, or deploy this there first (pulumi up --stack ${from}).`,
  );
}

/** @throws UserError when objects of an environment are not as they were deployed */
export function requireNoDrift(from: string, drift: Changes): void {
  if (!hasChanges(drift)) return;
  throw new UserError(
    `"${from}" has drifted: ${count(drift)} not as deployed, so it shows nothing about what would be promoted. ` +
      `See which: pulumi refresh --preview-only --diff --stack ${from}. Mend it: pulumi up --refresh --stack ${from}.`,
  );
}

/** @throws UserError when an environment is not fully deployed */
export function requireNothingPending(from: string, pending: Changes): void {
  if (!hasChanges(pending)) return;
  throw new UserError(
    `"${from}" is not up to date: ${count(pending)} to change. Deploy it first: pulumi up --stack ${from}.`,
  );
}

/** What runs and what would come, in a sentence for the person who decides. */
export function describeMove(to: string, deployed: Release | undefined, coming: Release): string {
  if (!deployed) return `"${to}" runs nothing yet; it would get ${describeRelease(coming)}.`;
  if (isSameBundle(deployed, coming))
    return `"${to}" runs ${describeRelease(deployed)} already; only its own settings may have changed.`;
  const downgrade = isDowngrade(coming, deployed) ? ". This is a downgrade" : "";
  return `"${to}" runs ${describeRelease(deployed)}; it would get ${describeRelease(coming)}${downgrade}.`;
}

function count(changes: Changes): string {
  const objects = Object.entries(changes).reduce(
    (sum, [operation, number = 0]) => (operation === "same" ? sum : sum + number),
    0,
  );
  return objects === 1 ? "1 resource is" : `${objects} resources are`;
}

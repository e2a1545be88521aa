import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../errors.ts";
import type { Settings } from "../settings.ts";
import { outputsOf } from "./stack-outputs.ts";
import {
  describeRelease,
  isDowngrade,
  isSameBundle,
  otherImages,
  releaseIn,
  type Release,
} from "./version.ts";

/** How a stack came by what it runs. One of its outputs; `refused` in previews alone, as no `up` comes to it. */
export interface Promotion {
  /** Stack that has to run the bundle first. */
  readonly from?: string;
  readonly status: "first environment" | "equal" | "overridden" | "refused";
  /** What ran there, as far as it ran anything. */
  readonly upstreamVersion?: string;
  readonly upstreamDigest?: string;
  /** Why it came although it did not run there. */
  readonly reason?: string;
}

/** Question of the gate: may this bundle come to this stack? */
export interface Candidate {
  readonly stack: string;
  readonly release: Release;
  readonly settings: Settings["promotion"];
}

/**
 * Asks the stack before this one what it runs, and refuses what it does not run. A preview goes on with a warning: what
 * would change is what one wants to see of a bundle that runs nowhere yet, as in a pull request. To be awaited before
 * any resource is registered, so that nothing is half done.
 *
 * @throws UserError that says what runs where and what to do
 */
export async function checkPromotion(settings: Settings["promotion"], release: Release): Promise<Promotion> {
  const { from, override } = settings;
  const candidate = { stack: pulumi.getStack(), release, settings };
  const upstream = from === undefined ? undefined : await releaseAt(from);
  let promotion: Promotion;
  try {
    promotion = judgePromotion(candidate, upstream);
  } catch (error) {
    if (!pulumi.runtime.isDryRun() || !(error instanceof UserError)) throw error;
    await pulumi.log.warn(`Up will refuse this: ${error.message}`);
    return { from, status: "refused", ...tell(upstream) };
  }
  if (promotion.status === "overridden") {
    await pulumi.log.warn(
      `Promotion overridden: ${promotion.reason}. But ${describeDifference(candidate, upstream)}`,
    );
  } else if (override !== undefined && pulumi.runtime.hasEngine()) {
    await pulumi.log.warn(`promotion.override is not needed: ${from} runs this bundle. Remove it.`);
  }
  return promotion;
}

/**
 * What the gate says of a candidate.
 *
 * @param upstream - What the stack before it runs; undefined when it was never deployed.
 * @throws UserError when the candidate may not come
 */
export function judgePromotion(candidate: Candidate, upstream: Release | undefined): Promotion {
  const { from, override: reason } = candidate.settings;
  if (from === undefined) return { status: "first environment" };
  const found = tell(upstream);
  if (upstream && isSameBundle(upstream, candidate.release)) return { from, status: "equal", ...found };
  if (reason !== undefined) return { from, status: "overridden", ...found, reason };
  throw new UserError(
    [
      `"${candidate.stack}" takes only what "${from}" runs. ${describeDifference(candidate, upstream)}`,
      `Next: ${adviceFor(candidate, upstream)}`,
      `To let it come all the same, say why: pulumi config set --stack ${candidate.stack} --path promotion.override "<reason>"`,
    ].join("\n"),
  );
}

/** What runs upstream, as outputs have it. */
const tell = (upstream: Release | undefined) =>
  upstream && { upstreamVersion: upstream.stackVersion, upstreamDigest: upstream.bundleDigest };

function describeDifference(
  { release, settings: { from } }: Candidate,
  upstream: Release | undefined,
): string {
  const own = `this is ${describeRelease(release)}`;
  if (!upstream) {
    return `"${from}" was never deployed, or by a version that did not tell its bundle; ${own}.`;
  }
  const downgrade = isDowngrade(release, upstream) ? ", a downgrade" : "";
  return `"${from}" runs ${describeRelease(upstream)}; ${own}${downgrade}.`;
}

function adviceFor({ stack, release, settings: { from } }: Candidate, upstream: Release | undefined): string {
  if (upstream?.bundleDigest === release.bundleDigest) {
    return `give ${otherImages(upstream, release).join(" and ")} the same digest in the files of "${from}" and "${stack}", and deploy "${from}" first.`;
  }
  const deployFirst = `pulumi up --stack ${from}, then this again for "${stack}".`;
  return upstream && isDowngrade(release, upstream)
    ? `check out version ${upstream.stackVersion} and run this again. To go back to ${release.stackVersion} on purpose: ${deployFirst}`
    : deployFirst;
}

async function releaseAt(stack: string): Promise<Release | undefined> {
  try {
    return releaseIn((await outputsOf(stack)) ?? null);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new UserError(`Cannot tell what "${stack}" runs, which has to run this bundle first: ${words}`);
  }
}

import { UserError } from "../../errors.ts";
import { describeRelease, isSameBundle, releaseIn, type Release } from "../../release/version.ts";
import { hasChanges, type EngineStack } from "../../engine/stack.ts";
import type { Log } from "../../terminal/log.ts";
import {
  describeMove,
  requireNoDrift,
  requireNothingPending,
  requireRoute,
  requireSameRelease,
} from "./checks.ts";
import { text } from "../diff/text.ts";
import { halfDeployed } from "../up/cluster.ts";
import { meaningOf } from "./meaning.ts";
import { requireCleanTree } from "./tree.ts";

/** An environment, as this working tree has it and as it is deployed. */
export interface Environment {
  readonly name: string;
  /** What this working tree would make it run, and from where that has to come. */
  readonly release: Release;
  readonly promotedFrom: string | undefined;
  /** The objects that it would have, as YAML. */
  readonly manifests: readonly string[];
  readonly open: () => Promise<EngineStack>;
}

/** What is promoted, and who is asked and told. */
export interface PromoteOptions {
  readonly from: Environment;
  readonly to: Environment;
  /** Folder of the git working tree. */
  readonly tree: string;
  readonly log: Log;
  /** Asks whether to deploy; throws when the answer is no. */
  readonly confirm: () => Promise<void>;
}

/**
 * Brings what runs in one environment to the next: checks that the one before is in order and runs this working tree,
 * shows what would change, asks, deploys, and checks what came of it. Can be run again whenever it ended early.
 *
 * @throws UserError that says what is in the way and what to do
 */
export async function promote(options: PromoteOptions): Promise<void> {
  const { from, to, tree, log, confirm } = options;
  requireRoute(from.name, to.name, to.promotedFrom);
  await requireCleanTree(tree);
  const release = await log.step(`Checking "${from.name}"`, 5, () => checkUpstream(from));
  const target = await to.open();
  const deployed = releaseIn(await target.outputs());
  log.line(describeMove(to.name, deployed, to.release));
  if (await target.recover()) {
    log.line(halfDeployed(to.name));
  }
  log.line("");
  if (deployed) {
    const report = meaningOf(to.name, await target.objects(), to.manifests);
    log.line(`${text(report, process.stdout)}\n`);
  }
  if (!hasChanges(await target.preview({ show: log }))) {
    await verify(to.name, target, release);
    log.line(`\nNothing to change: "${to.name}" has all of it.`);
    return;
  }
  await confirm();
  log.line("");
  await deploy(options, target);
  const running = await verify(to.name, target, release);
  log.line(`\n"${to.name}" runs ${describeRelease(running)}.`);
}

async function checkUpstream({ name, release, open }: Environment): Promise<Release> {
  const stack = await open();
  const deployed = requireSameRelease(name, releaseIn(await stack.outputs()), release);
  requireNoDrift(name, await stack.drift());
  requireNothingPending(name, await stack.preview());
  return deployed;
}

async function deploy({ from, to, log }: PromoteOptions, target: EngineStack): Promise<void> {
  try {
    await target.up({ show: log });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new UserError(`${words}\n${howToGoOn(from.name, to.name)}`);
  }
}

/** What to do when a promotion ended early. */
export const howToGoOn = (from: string, to: string): string =>
  `What was deployed to "${to}" so far stays. When the cause is mended, run the same again; it goes on from there: ` +
  `npm run promote -- --from ${from} --to ${to}`;

/**
 * What a stack runs after a promotion.
 *
 * @throws UserError when it is not what was promoted to it
 */
async function verify(name: string, stack: EngineStack, release: Release): Promise<Release> {
  const deployed = releaseIn(await stack.outputs());
  if (deployed && isSameBundle(deployed, release)) return deployed;
  throw new UserError(
    `"${name}" was deployed, but its outputs tell of ${deployed ? describeRelease(deployed) : "no version"} where ${describeRelease(release)} was promoted. ` +
      `Somebody else may have deployed at the same time; look at pulumi stack history --stack ${name}.`,
  );
}

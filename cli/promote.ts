import path from "node:path";
import { createInterface } from "node:readline/promises";
import { program } from "commander";
import { UserError } from "../errors.ts";
import { clusterBackend, enginePrograms, type Backend, type EngineTools } from "../engine/backend.ts";
import type { SettingsTree } from "../engine/overrides.ts";
import { requireContext } from "../engine/contexts.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { ensureTools } from "../tools/ensure.ts";
import { streamLog } from "../terminal/log.ts";
import { toolPlaces } from "../tools/places.ts";
import { startGuard, type Guard } from "../processes/guard.ts";
import { main } from "./main.ts";
import { environmentAt } from "./promote/environment.ts";
import { howToGoOn, promote } from "./promote/promote.ts";
import { projectFolder, readStackFile } from "../engine/stack-files.ts";

program
  .name("promote")
  .description("Brings what runs in one environment to the next, after checking and showing it.")
  .requiredOption("--from <environment>", "environment that runs it")
  .requiredOption("--to <environment>", "environment that gets it")
  .option("--from-context <name>", "context of your kubeconfig for the first, when its stack file names none")
  .option("--to-context <name>", "context for the second")
  .option("--yes", "do not ask before deploying", false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();

const { from, to, fromContext, toContext, yes } = program.opts<{
  from: string;
  to: string;
  fromContext?: string;
  toContext?: string;
  yes: boolean;
}>();
const log = streamLog(process.stdout);

await main(async () => {
  [from, to].forEach(readStackFile);
  [fromContext, toContext].forEach((context) => context !== undefined && requireContext(context));
  const guard = startGuard();
  try {
    const stopping = `Pulumi finishes what is under way and stops. ${howToGoOn(from, to)}`;
    await interruptible({ guard, log, stopping, patient: true }, () => run(guard));
  } finally {
    await guard.keep();
  }
});

async function run(guard: Guard): Promise<void> {
  let chosen: Promise<Backend> | undefined;
  const backend = () => (chosen ??= chooseBackend(guard));
  await promote({
    from: await environmentAt(from, { backend, overrides: inContext(fromContext) }),
    to: await environmentAt(to, { backend, overrides: inContext(toContext) }),
    tree: projectFolder,
    log,
    confirm,
  });
}

async function chooseBackend(guard: Guard): Promise<Backend> {
  const backend = clusterBackend(await engineTools(guard));
  log.line(`State: ${backend.description}.`);
  return backend;
}

function inContext(context: string | undefined): SettingsTree {
  return context === undefined ? {} : { cluster: { context } };
}

/** The user's own CLI fetches its provider; beside the one that is built here, the provider is built too. */
async function engineTools(guard: Guard): Promise<EngineTools> {
  const { pulumi } = await ensureTools(["pulumi"], { guard, log });
  return path.dirname(pulumi) === toolPlaces.bin ? ensureTools(enginePrograms, { guard, log }) : { pulumi };
}

async function confirm(): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new UserError(
      `Nobody to ask whether to deploy to "${to}": --yes deploys without asking. Nothing was changed.`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`\nDeploy to "${to}"? [y/N] `).finally(() => terminal.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError("Not deployed; nothing was changed.");
}

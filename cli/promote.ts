import { Command } from "commander";
import { clusterBackend, clusterTools, type Backend } from "../engine/backend.ts";
import { requireContext } from "../engine/contexts.ts";
import type { SettingsTree } from "../engine/overrides.ts";
import { projectFolder, readStackFile } from "../engine/stack-files.ts";
import { startGuard } from "../processes/guard.ts";
import { confirmDeployment } from "../terminal/confirm.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { streamLog } from "../terminal/log.ts";
import { main } from "./main.ts";
import { environmentAt } from "./promote/environment.ts";
import { howToGoOn, promote } from "./promote/promote.ts";

interface Options {
  readonly from: string;
  readonly to: string;
  readonly fromContext?: string;
  readonly toContext?: string;
  readonly yes: boolean;
}

await main(
  new Command("promote")
    .description("Brings what runs in one environment to the next, after checking and showing it.")
    .requiredOption("--from <environment>", "environment that runs it")
    .requiredOption("--to <environment>", "environment that gets it")
    .option(
      "--from-context <name>",
      "context of your kubeconfig for the first, when its stack file names none",
    )
    .option("--to-context <name>", "context for the second")
    .option("--yes", "do not ask before deploying", false)
    .action(async ({ from, to, fromContext, toContext, yes }: Options) => {
      [from, to].forEach(readStackFile);
      [fromContext, toContext].forEach((context) => context !== undefined && requireContext(context));
      const log = streamLog(process.stdout);
      const guard = startGuard();
      const chooseBackend = async () => {
        const chosen = clusterBackend(await clusterTools({ guard, log }));
        log.line(`State: ${chosen.description}.`);
        return chosen;
      };
      let chosen: Promise<Backend> | undefined;
      const backend = () => (chosen ??= chooseBackend());
      const stopping = `Pulumi finishes what is under way and stops. ${howToGoOn(from, to)}`;
      try {
        await interruptible({ guard, log, stopping, patient: true }, async () =>
          promote({
            from: await environmentAt(from, { backend, overrides: inContext(fromContext) }),
            to: await environmentAt(to, { backend, overrides: inContext(toContext) }),
            tree: projectFolder,
            log,
            confirm: async () => {
              if (!yes) await confirmDeployment(`"${to}"`, "--yes");
            },
          }),
        );
      } finally {
        await guard.keep();
      }
    }),
);

function inContext(context: string | undefined): SettingsTree {
  return context === undefined ? {} : { cluster: { context } };
}

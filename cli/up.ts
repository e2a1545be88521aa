import { Command, Option } from "commander";
import { requireContext } from "../engine/contexts.ts";
import { readStackFile } from "../engine/stack-files.ts";
import { UserError } from "../errors.ts";
import { tempoModes, type TempoMode } from "../sandbox/settings.ts";
import { qualify } from "../settings/keys.ts";
import { startGuard } from "../processes/guard.ts";
import { streamLog } from "../terminal/log.ts";
import { alignRows } from "../terminal/table.ts";
import { main } from "./main.ts";
import { deployToCluster } from "./up/cluster.ts";
import { planOf } from "./up/plan.ts";
import { deployToSandbox, sandboxOverrides } from "./up/sandbox.ts";

interface Options {
  readonly environment: string;
  readonly context?: string;
  readonly yes: boolean;
  readonly mode?: TempoMode;
}

await main(
  new Command("up")
    .description(
      "Renders and checks an environment, then deploys it: to the sandbox, or to the cluster of a context.",
    )
    .option("--environment <name>", "environment to deploy", "dev")
    .option("--context <name>", "context of your kubeconfig to deploy to, instead of the sandbox")
    .addOption(
      new Option(
        "--mode <mode>",
        "how Tempo runs in the sandbox; default: as the environment has it",
      ).choices(tempoModes),
    )
    .option("--yes", "do not ask before deploying to a cluster", false)
    .action(async ({ environment, context, yes, mode: wanted }: Options) => {
      const ofTempo = readStackFile(environment).config[qualify("tempo")] as { mode?: TempoMode } | undefined;
      if (context !== undefined && wanted !== undefined) {
        throw new UserError(
          "--mode is for the sandbox: a cluster gets what the environment says (tempo.mode).",
          2,
        );
      }
      const mode = wanted ?? ofTempo?.mode ?? "monolithic";
      if (context !== undefined) requireContext(context);
      const overrides =
        context === undefined ? await sandboxOverrides(environment, mode) : { cluster: { context } };
      const log = streamLog(process.stdout);
      const title = `Rendering and checking "${environment}"`;
      const plan = await log.step(title, 1, () => planOf(environment, overrides));
      log.line("", ...plan.lines, "");
      if (context === undefined) log.line("The sandbox changes:", ...alignRows(plan.changes), "");
      const guard = startGuard();
      const deployment = { environment, overrides, guard, log };
      try {
        await (context === undefined
          ? deployToSandbox(deployment, plan.objects, mode)
          : deployToCluster(deployment, context, { ask: !yes }));
      } finally {
        await guard.keep();
      }
    }),
);

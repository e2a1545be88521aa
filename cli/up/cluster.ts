import { clusterBackend, clusterTools } from "../../engine/backend.ts";
import type { SettingsTree } from "../../engine/overrides.ts";
import { hasChanges, openStack, type EngineStack } from "../../engine/stack.ts";
import type { Guard } from "../../processes/guard.ts";
import { confirmDeployment } from "../../terminal/confirm.ts";
import { interruptible } from "../../terminal/interrupt.ts";
import type { Log } from "../../terminal/log.ts";
import { outputLines } from "../../terminal/table.ts";

/** What is deployed, and who looks after it and is told. */
export interface Deployment {
  readonly environment: string;
  /** Laid over the environment's own settings. */
  readonly overrides: SettingsTree;
  readonly guard: Guard;
  readonly log: Log;
}

/** Deploys an environment to a cluster of the user's, after showing what would change, and asking. */
export async function deployToCluster(
  { environment, overrides, guard, log }: Deployment,
  context: string,
  { ask }: { readonly ask: boolean },
): Promise<void> {
  const stopping =
    "Pulumi finishes what is under way and stops; run the same again, and it goes on from there. Ctrl-C again ends it at once, and may leave objects that it does not know of.";
  await interruptible({ guard, log, stopping, patient: true }, async () => {
    const backend = clusterBackend(await clusterTools({ guard, log }));
    log.line(`Deploying to the context ${context}. State: ${backend.description}.`);
    const stack = await openStack({ environment, backend, overrides });
    if (await stack.recover()) log.line(halfDeployed(environment));
    const isFirst = Object.keys(await stack.outputs()).length === 0;
    log.line("");
    const changes = await stack.preview({ show: log, diff: !isFirst });
    if (!hasChanges(changes)) {
      log.line("", `Nothing to change in ${context}.`);
      return;
    }
    if (ask) await confirmDeployment(context, "YES=1");
    await upAndShow(stack, log);
  });
}

/** What is said where a run goes on that was killed. */
export const halfDeployed = (environment: string): string =>
  `A run that was killed left "${environment}" half deployed; this one goes on from there.`;

/** Deploys a stack, and prints its outputs. */
export async function upAndShow(stack: EngineStack, log: Log): Promise<void> {
  log.line("");
  await stack.up({ show: log });
  log.line("", "Outputs:", ...outputLines(await stack.outputs()));
}

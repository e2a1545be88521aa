import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import type { OutputMap, PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../errors.ts";
import { quietLog } from "../terminal/log.ts";
import type { Log } from "../terminal/log.ts";
import type { Backend } from "./backend.ts";
import { projectName } from "../settings/keys.ts";
import { merge, type SettingsTree } from "./overrides.ts";
import { writeProject } from "./project.ts";
import { deployedObjects } from "./deployed-objects.ts";
import { operate, withUserErrors } from "./operation.ts";
import type { Changes, EngineOutput, Operation, OperationOptions } from "./operation.ts";

export { hasChanges, type Changes, type OperationOptions } from "./operation.ts";

/** A stack of this project in the real Pulumi engine. */
export interface EngineStack {
  /** What `up` would do now. */
  preview(options?: OperationOptions): Promise<Changes>;
  up(options?: OperationOptions): Promise<Changes>;
  /** Takes the cluster's objects into the state; `up` then repairs what differs from the program. */
  refresh(options?: OperationOptions): Promise<Changes>;
  destroy(options?: OperationOptions): Promise<Changes>;
  /** What `refresh` would do now: how the cluster's objects differ from the state. */
  drift(options?: OperationOptions): Promise<Changes>;
  /**
   * Makes up for a run that was killed while it created objects: what came into being is taken over by the next `up`.
   * Tells whether there was anything to make up for.
   */
  recover(): Promise<boolean>;
  /** Outputs of the last `up`, secrets left out. */
  outputs(): Promise<Record<string, unknown>>;
  /** The Kubernetes objects of the last `up`, as the program gave them. */
  objects(): Promise<Record<string, unknown>[]>;
}

/** Which stack, in which backend. */
export interface EngineOptions {
  environment: string;
  backend: Backend;
  /** Laid over the committed settings, such as `{ tempo: { retention: "24h" } }`. */
  overrides?: SettingsTree;
  /** Shows the repair of what an interrupted run left. @default nothing is shown */
  log?: Log;
  /** @default the program in `index.ts` */
  program?: PulumiFn;
}

/**
 * Opens the stack of an environment, creating it when it is new. In a backend of our own, the lock and the unfinished
 * operations of a run that was killed are cleared; the caller sees to it that no other run uses it now.
 *
 * @throws UserError when the environment does not exist or the backend refuses
 */
export async function openStack(options: EngineOptions): Promise<EngineStack> {
  const { backend, environment, overrides = {}, log = quietLog } = options;
  writeProject(backend.project, {
    environment,
    overrides: backend.context ? merge({ cluster: { context: backend.context } }, overrides) : overrides,
    kubernetesProvider: backend.kubernetesProvider,
    secrets: backend.secrets,
  });
  const { program, refusal } = rememberRefusal(options.program ?? (await committedProgram()));
  const target = { stack: environment, backend: backend.description, refusal };
  const stack = await withUserErrors({ ...target, what: `pulumi stack select ${environment}` }, async () =>
    LocalWorkspace.createOrSelectStack(
      { stackName: environment, projectName, program },
      {
        workDir: backend.project,
        pulumiHome: backend.home,
        pulumiCommand: await PulumiCommand.get({ root: backend.programs }),
        envVars: backend.variables,
      },
    ),
  );
  if (backend.ownState !== undefined && wasInterrupted(backend.ownState)) {
    await log.step("Clearing what an interrupted run left", 3, async () => {
      await withUserErrors({ ...target, what: "pulumi cancel" }, () => stack.cancel());
      await withUserErrors({ ...target, what: "pulumi refresh" }, () =>
        stack.refresh({ clearPendingCreates: true }),
      );
    });
  }
  return engineStack(stack, target);
}

function engineStack(stack: Stack, target: Omit<Operation, "what">): EngineStack {
  const operation =
    (name: string, work: (output: EngineOutput) => Promise<Changes | undefined>) =>
    (options?: OperationOptions) =>
      operate({ ...target, what: `pulumi ${name} of the stack "${stack.name}"` }, options, work);
  return {
    preview: operation("preview", async (output) => (await stack.preview(output)).changeSummary),
    up: operation("up", async (output) => (await stack.up(output)).summary.resourceChanges),
    refresh: operation("refresh", async (output) => (await stack.refresh(output)).summary.resourceChanges),
    destroy: operation("destroy", async (output) => (await stack.destroy(output)).summary.resourceChanges),
    drift: operation(
      "refresh --preview-only",
      async (output) => (await stack.previewRefresh(output)).changeSummary,
    ),
    recover: () =>
      withUserErrors({ ...target, what: `pulumi refresh of the stack "${stack.name}"` }, () =>
        recover(stack),
      ),
    outputs: () =>
      withUserErrors({ ...target, what: `pulumi stack output of the stack "${stack.name}"` }, async () =>
        plainOutputs(await stack.outputs()),
      ),
    objects: () =>
      withUserErrors({ ...target, what: `pulumi stack export of the stack "${stack.name}"` }, () =>
        deployedObjects(stack),
      ),
  };
}

/** The variable by which the Kubernetes provider (4.29 and newer) takes over what it would create and finds there. */
const takeOver = "PULUMI_K8S_UPSERT_EXISTING_OBJECTS";

async function recover(stack: Stack): Promise<boolean> {
  const { deployment } = (await stack.exportStack()) as {
    deployment?: { pending_operations?: { type: string }[] };
  };
  if (!deployment?.pending_operations?.some(({ type }) => type === "creating")) return false;
  await stack.refresh({ clearPendingCreates: true });
  stack.workspace.envVars[takeOver] = "true";
  return true;
}

/** The program that `pulumi up` runs too. */
async function committedProgram(): Promise<PulumiFn> {
  const { default: program } = await import("../index.ts");
  return async () => ({ ...(await program()) });
}

/** The engine reports a refusal of the program as text among its own; this keeps the error itself. */
function rememberRefusal(program: PulumiFn): { program: PulumiFn; refusal: () => UserError | undefined } {
  let refused: UserError | undefined;
  const attempt = async () => {
    refused = undefined;
    try {
      return (await program()) as unknown;
    } catch (error) {
      refused = error instanceof UserError ? error : undefined;
      throw error;
    }
  };
  return { program: attempt as PulumiFn, refusal: () => refused };
}

/** The local backend locks a stack by a file that only an orderly end removes. */
function wasInterrupted(state: string): boolean {
  const locks = path.join(state, ".pulumi", "locks");
  return (
    existsSync(locks) &&
    readdirSync(locks, { recursive: true }).some((file) => String(file).endsWith(".json"))
  );
}

function plainOutputs(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value, secret }]) => [
      name,
      secret ? "[secret]" : (value as unknown),
    ]),
  );
}

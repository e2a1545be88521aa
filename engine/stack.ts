import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import type { OutputMap, PulumiFn, Stack, UpOptions } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../errors.ts";
import { quietLog } from "../terminal/log.ts";
import type { Log } from "../terminal/log.ts";
import type { Backend } from "./backend.ts";
import { projectName } from "../settings/keys.ts";
import { merge, type SettingsTree } from "./overrides.ts";
import { writeProject } from "./project.ts";
import { deployedObjects } from "./deployed-objects.ts";
import { editedByHand, forced } from "./edits.ts";
import { EditedByHand, operate, withUserErrors } from "./operation.ts";
import type { Changes, EngineOutput, Operation, OperationOptions } from "./operation.ts";
import { refusePartsOfPrograms } from "./whole-program.ts";

export { hasChanges, type Changes, type OperationOptions } from "./operation.ts";

refusePartsOfPrograms();

/** A stack of this project in the real Pulumi engine. */
export interface EngineStack {
  /** What `up` would do now. Like `up`, it reads the cluster first: what differs from the state is put back. */
  preview(options?: OperationOptions): Promise<Changes>;
  /** Deploys; what the last preview found edited by hand is put back first. */
  up(options?: OperationOptions): Promise<Changes>;
  destroy(options?: OperationOptions): Promise<Changes>;
  /** How the cluster's objects differ from the state. */
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
      await withUserErrors({ ...target, what: "pulumi refresh" }, () => recover(stack));
    });
  }
  return engineStack(stack, target);
}

function engineStack(stack: Stack, target: Omit<Operation, "what">): EngineStack {
  const run = (
    name: string,
    options: OperationOptions | undefined,
    work: (output: EngineOutput) => Promise<Changes | undefined>,
  ) => operate({ ...target, what: `pulumi ${name} of the stack "${stack.name}"` }, options, work);
  const operation =
    (name: string, work: (output: EngineOutput) => Promise<Changes | undefined>) =>
    (options?: OperationOptions) =>
      run(name, options, work);
  let edited: readonly string[] = [];
  return {
    preview: async (options = {}) => {
      const preview = (how: OperationOptions, exclude: readonly string[] = []) =>
        run("preview", how, async (output) => {
          const only = exclude.length > 0 ? { exclude: [...exclude] } : {};
          return (await stack.preview({ ...output, ...only })).changeSummary;
        });
      // A first attempt that ends at an edit is of no interest.
      let text = "";
      const { show } = options;
      const hold = show && { isTTY: show.isTTY, write: (piece: string) => (text += piece) };
      const first = await preview({ ...options, show: hold }).catch((error: unknown) => error as Error);
      if (first instanceof EditedByHand) {
        edited = await editedByHand(first.urns, (exclude) => preview({}, exclude));
        return forced(stack, () => preview(options));
      }
      edited = [];
      show?.write(text);
      if (first instanceof Error) throw first;
      return first;
    },
    up: async (options) => {
      const up = (more: UpOptions) =>
        run(
          "up",
          options,
          async (output) => (await stack.up({ ...output, ...more })).summary.resourceChanges,
        );
      const target = [...edited];
      edited = [];
      const putBack = target.length > 0 ? await forced(stack, () => up({ target })) : {};
      return sumOf(putBack, await up({}));
    },
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

/** What two operations did, one after the other, to the same resources. */
const sumOf = ({ same: _again, ...first }: Changes, second: Changes): Changes =>
  Object.entries(first).reduce(
    (sum, [operation, count = 0]) => ({ ...sum, [operation]: (sum[operation] ?? 0) + count }),
    second,
  );

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

import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import type { OutputMap, PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../errors.ts";
import { quietLog } from "../tools/log.ts";
import type { Log } from "../tools/log.ts";
import type { Backend } from "./backend.ts";
import { writeProject } from "./configuration.ts";
import type { SettingsTree } from "./configuration.ts";
import { calmOutput } from "./pulumi-output.ts";

/** What an operation did, or in a preview would do: number of resources by operation, such as `create` or `same`. */
export type Changes = Partial<Record<string, number>>;

/** A stack of this project in the real Pulumi engine. */
export interface EngineStack {
  /** What `up` would do now. */
  preview(options?: OperationOptions): Promise<Changes>;
  up(options?: OperationOptions): Promise<Changes>;
  /** Takes the cluster's objects into the state; `up` then repairs what differs from the program. */
  refresh(options?: OperationOptions): Promise<Changes>;
  destroy(options?: OperationOptions): Promise<Changes>;
  /** Outputs of the last `up`, secrets left out. */
  outputs(): Promise<Record<string, unknown>>;
}

/** How an operation tells what it does. */
export interface OperationOptions {
  /** Takes Pulumi's own words as they come; left out, they are told only when the operation fails. */
  show?: { isTTY?: boolean; write(text: string): unknown };
  /** Show what changes within each resource. */
  diff?: boolean;
}

/** Which stack, in which backend. */
export interface EngineOptions {
  environment: string;
  backend: Backend;
  /** Laid over the committed settings, such as `{ tempo: { retention: "24h" } }`. */
  overrides?: SettingsTree;
  /** Told about work beyond opening. @default tells nobody */
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
  const { backend, environment, overrides, log = quietLog } = options;
  const projectName = writeProject(backend.project, {
    environment,
    overrides,
    kubernetesProvider: backend.kubernetesProvider,
    secrets: backend.secrets,
  });
  const program = options.program ?? (await committedProgram());
  const stack = await told(`pulumi stack select ${environment}`, false, async () =>
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
      await told("pulumi cancel", false, () => stack.cancel());
      await told("pulumi refresh", false, () => stack.refresh({ clearPendingCreates: true }));
    });
  }
  return engineStack(stack);
}

/** Whether an operation changed anything. */
export function hasChanges(changes: Changes): boolean {
  return Object.entries(changes).some(([operation, count]) => operation !== "same" && count !== 0);
}

function engineStack(stack: Stack): EngineStack {
  return {
    preview: (options) =>
      operate("preview", stack, options, async (shown) => (await stack.preview(shown)).changeSummary),
    up: (options) =>
      operate("up", stack, options, async (shown) => (await stack.up(shown)).summary.resourceChanges),
    refresh: (options) =>
      operate(
        "refresh",
        stack,
        options,
        async (shown) => (await stack.refresh(shown)).summary.resourceChanges,
      ),
    destroy: (options) =>
      operate(
        "destroy",
        stack,
        options,
        async (shown) => (await stack.destroy(shown)).summary.resourceChanges,
      ),
    outputs: async () => plainOutputs(await stack.outputs()),
  };
}

/** What the Automation API is told about showing an operation. */
interface Shown {
  color: "always" | "never";
  diff: boolean;
  suppressOutputs: true;
  onOutput?: (text: string) => void;
}

async function operate(
  name: string,
  stack: Stack,
  { show, diff = false }: OperationOptions = {},
  work: (shown: Shown) => Promise<Changes | undefined>,
): Promise<Changes> {
  const output = show && calmOutput((text) => void show.write(text));
  const shown: Shown = {
    color: show?.isTTY ? "always" : "never",
    diff,
    suppressOutputs: true,
    onOutput: output && ((text) => output.write(text)),
  };
  return told(`pulumi ${name} of the stack "${stack.name}"`, show !== undefined, async () => {
    try {
      return (await work(shown)) ?? {};
    } finally {
      output?.end();
    }
  });
}

async function told<T>(what: string, wasShown: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) {
      throw error;
    }
    const words = error instanceof Error ? error.message : String(error);
    throw new UserError(wasShown ? `${what} failed; Pulumi says why above.` : `${what} failed:\n${words}`);
  }
}

/** The program that `pulumi up` runs too. */
async function committedProgram(): Promise<PulumiFn> {
  const { default: program } = await import("../index.ts");
  return () => Promise.resolve(program() as unknown as Record<string, unknown>);
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

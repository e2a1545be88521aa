import { rmSync } from "node:fs";
import path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { enginePrograms } from "../../engine/backend.ts";
import { sandboxBackend } from "../../sandbox/backend.ts";
import { startBackends } from "../../sandbox/trace-backends.ts";
import type { Backends } from "../../sandbox/trace-backends.ts";
import { createNamespaces } from "../../sandbox/cluster.ts";
import type { SettingsTree } from "../../engine/overrides.ts";
import { openStack } from "../../engine/stack.ts";
import type { EngineStack } from "../../engine/stack.ts";
import { defaultSandboxFolder, sandboxFolder } from "../../sandbox/folder.ts";
import { sandboxPrograms, startSandbox, stopSandbox } from "../../sandbox/sandbox.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { ensureTools } from "../../tools/ensure.ts";
import type { ToolPaths } from "../../tools/ensure.ts";
import { streamLog } from "../../terminal/log.ts";
import { startGuard } from "../../processes/guard.ts";
import type { Guard } from "../../processes/guard.ts";
import { takeLock } from "../../processes/lock.ts";
import type { ProgramName } from "../../tools/programs.ts";
import { ToolUnavailable } from "../../tools/unavailable.ts";

/** A sandbox for one suite: empty at its start, gone at its end, also when the tests are killed. */
export interface TestCluster {
  sandbox: Sandbox;
  guard: Guard;
  tools: ToolPaths;
  /**
   * Opens the stack of `dev` with other settings laid over its own, such as `{ tempo: { retention: "24h" } }`, or with
   * another program.
   */
  openStack(overrides?: SettingsTree, program?: PulumiFn): Promise<EngineStack>;
  /**
   * Starts Prometheus, and Tempo with what is deployed now. A pair of that name that runs stays, unless something else
   * is deployed by now.
   *
   * @param programs - in place of the cluster's own
   * @param openobserve - where logs go, if anywhere
   * @param roles - how a distributed Tempo is started
   */
  startBackends(
    pair: string,
    programs?: Partial<ToolPaths>,
    openobserve?: Parameters<typeof startBackends>[0]["openobserve"],
    roles?: Parameters<typeof startBackends>[0]["roles"],
  ): Promise<Backends>;
  /** Where a pair of backends has its files. */
  pairFolder(pair: string): string;
  /** Stops the sandbox. */
  close(): Promise<void>;
}

/** Folders of sandboxes under test, apart from the one of `make up`. */
export const e2eFolder = (name: string): string => path.join(defaultSandboxFolder, "e2e", name);

const log = streamLog(process.stderr);

/**
 * Starts an empty sandbox in `.sandbox/e2e/<name>`, building programs that this machine lacks.
 *
 * A program that cannot be obtained skips the suite that called this from its `before` hook, in one loud line.
 *
 * @param morePrograms - wanted beside the control plane and the engine
 */
export async function openTestCluster(
  context: Mocha.Context,
  name: string,
  morePrograms: readonly ProgramName[] = [],
): Promise<TestCluster> {
  const dir = e2eFolder(name);
  const pairFolder = (pair: string) => path.join(dir, "pairs", pair);
  const guard = startGuard();
  try {
    const tools = await toolsOrSkip(context, guard, [...sandboxPrograms, ...enginePrograms, ...morePrograms]);
    const waiting = (pid: number) => log.line(`Other tests (process ${pid}) use ${dir}; waiting for them.`);
    const release = await takeLock(`${dir}.lock`, waiting);
    await stopSandbox({ dir });
    rmSync(dir, { recursive: true, force: true });
    const sandbox = await startSandbox({ dir, guard, tools, log });
    await createNamespaces(sandbox.api, ["monitoring"]);
    return {
      sandbox,
      guard,
      tools,
      openStack: (overrides, program) =>
        openStack({ environment: "dev", backend: sandboxBackend(sandbox.folder, tools), overrides, program }),
      startBackends: (pair, programs, openobserve, roles) =>
        startBackends({
          folder: sandboxFolder(pairFolder(pair)),
          api: sandbox.api,
          guard,
          tools: { ...tools, ...programs },
          log,
          openobserve,
          roles,
        }),
      pairFolder,
      close: async () => {
        await guard.stop();
        await stopSandbox({ dir });
        release();
      },
    };
  } catch (error) {
    await guard.stop();
    throw error;
  }
}

/** Programs, built where this machine lacks them; where one cannot be obtained, it skips the suite in one loud line. */
export async function toolsOrSkip(
  context: Mocha.Context,
  guard: Guard,
  names: readonly ProgramName[],
): Promise<ToolPaths> {
  // A new machine builds for half an hour before the first test.
  context.timeout(60 * 60_000);
  return skipWithout(context, () => ensureTools(names, { guard, log }));
}

/** Does what needs programs; where one cannot be obtained, it skips the suite in one loud line. */
export async function skipWithout<T>(context: Mocha.Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ToolUnavailable)) {
      throw error;
    }
    sayOnce(error);
    return context.skip();
  }
}

let said = false;

function sayOnce({ program, reason }: ToolUnavailable): void {
  if (!said) {
    const line = reason.replaceAll("\n", " | ");
    process.stderr.write(`\n*** SKIPPED, NOT TESTED: ${program} cannot be obtained: ${line} ***\n\n`);
    said = true;
  }
}

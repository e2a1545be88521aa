import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { promisify } from "node:util";
import { projectFolder } from "../../../engine/stack-files.ts";
import { sandboxBackend } from "../../../sandbox/backend.ts";
import { waitFor } from "../../../clients/wait.ts";
import type { TestCluster } from "../harness.ts";
import { pidsBelow } from "../proc.ts";

/** A run of `make up CONTEXT=…`. */
export interface UpRun {
  readonly process: ChildProcess;
  /** What it printed so far. */
  readonly text: () => string;
  /** Resolves when it has printed this. */
  readonly said: (words: RegExp) => Promise<unknown>;
  /** Its exit code, once it ended; null when it was killed. */
  readonly ended: Promise<number | null>;
}

/** The sandbox's state, as a user's own backend. */
function environmentOf({ sandbox: { folder }, tools }: TestCluster): NodeJS.ProcessEnv {
  const { variables } = sandboxBackend(folder, tools);
  return { ...process.env, ...variables, PULUMI_HOME: folder.pulumiHome };
}

/** Deploys `dev` to the test cluster as a user does, in a process group of its own. */
export function startUp(cluster: TestCluster): UpRun {
  const { context } = cluster.sandbox;
  const child = spawn(process.execPath, ["cli/up.ts", "--context", context, "--yes"], {
    cwd: projectFolder,
    env: environmentOf(cluster),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  [child.stdout, child.stderr].forEach((stream) => stream.on("data", (piece) => (text += String(piece))));
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    process: child,
    text: () => text,
    said: (words) =>
      Promise.race([
        waitFor(`the run to say ${words}`, 120, () => Promise.resolve(words.test(text)), {
          pauseSeconds: 0.01,
        }),
        ended.then(() => Promise.reject(new Error(`The run ended before it said ${words}:\n${text}`))),
      ]),
    ended,
  };
}

/** Whether an engine that such a run started is still there. */
export const isUnderWay = (): boolean => pidsBelow(path.join(projectFolder, ".pulumi-state")).length > 0;

/** Does what the message asks of the user: `pulumi cancel`. */
export async function cancelLock(cluster: TestCluster): Promise<void> {
  await promisify(execFile)(cluster.tools.pulumi, ["cancel", "--yes", "--stack", "dev"], {
    cwd: projectFolder,
    env: environmentOf(cluster),
    timeout: 30_000,
  });
}

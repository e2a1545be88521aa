import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "./identity.ts";
import type { ProcessIdentity } from "./identity.ts";

const graceSeconds = 6;

/**
 * Ends processes with everything in their process groups: asks first, and after six seconds no longer asks.
 * A process that is not the recorded one is left alone.
 */
export async function stopProcesses(processes: readonly ProcessIdentity[]): Promise<void> {
  signalAll(processes, "SIGTERM");
  const deadline = Date.now() + graceSeconds * 1000;
  while (processes.some(isRunning) && Date.now() < deadline) {
    await sleep(50);
  }
  signalAll(processes, "SIGKILL");
  while (processes.some(isRunning) && Date.now() < deadline + 5000) {
    await sleep(20);
  }
}

function signalAll(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const recorded of processes.filter(isRunning)) {
    signalGroup(recorded.pid, signal);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
  }
}

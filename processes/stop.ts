import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "./identity.ts";
import type { ProcessIdentity } from "./identity.ts";

const patienceSeconds = 6;
const killSeconds = 5;

/**
 * Ends processes with everything in their process groups, all at once: asks first, and after the grace period no longer
 * asks. A process that is not the recorded one is left alone.
 */
export async function stopTogether(
  processes: readonly ProcessIdentity[],
  graceSeconds = patienceSeconds,
): Promise<void> {
  signalAll(processes, "SIGTERM");
  await gone(processes, Date.now() + graceSeconds * 1000);
  await kill(processes);
}

/**
 * Ends processes like {@link stopTogether}, the last one first and each before the next is asked, so that none misses
 * the one it depends on. Six seconds are for all of them together.
 */
export async function stopInTurn(processes: readonly ProcessIdentity[]): Promise<void> {
  const deadline = Date.now() + patienceSeconds * 1000;
  for (const process of processes.toReversed()) {
    signalAll([process], "SIGTERM");
    await gone([process], deadline);
  }
  await kill(processes);
}

/** Kills processes with everything in their process groups, without asking. */
export async function kill(processes: readonly ProcessIdentity[]): Promise<void> {
  signalAll(processes, "SIGKILL");
  await gone(processes, Date.now() + killSeconds * 1000);
}

async function gone(processes: readonly ProcessIdentity[], deadline: number): Promise<void> {
  while (processes.some(isRunning) && Date.now() < deadline) {
    await sleep(20);
  }
}

function signalAll(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const recorded of processes.filter(isRunning)) {
    signalGroup(recorded.pid, signal);
  }
}

/** A process that leads no group is signalled alone. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      continue;
    }
  }
}

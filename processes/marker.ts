import { readdirSync, readFileSync } from "node:fs";
import { identify } from "./identity.ts";
import type { ProcessIdentity } from "./identity.ts";

/**
 * Environment variable that every process of a run inherits, with a value that no other run has.
 */
export const runMarker = "LLM_TRACING_RUN";

/**
 * Processes of a run, wherever they are in the process tree (Linux; elsewhere an empty list).
 */
export function markedProcesses(run: string): ProcessIdentity[] {
  return processIds()
    .filter((pid) => pid !== process.pid && hasMarker(pid, run))
    .flatMap((pid) => identify(pid) ?? []);
}

function processIds(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function hasMarker(pid: number, run: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${runMarker}=${run}`);
  } catch {
    return false;
  }
}

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What tells a process from a later one with the same pid: when it was started, and its command line.
 */
export interface ProcessIdentity {
  pid: number;
  /** Opaque: clock ticks since boot on Linux, a date elsewhere. Only compared. */
  start: string;
  command: string;
}

/**
 * The identity of a running process; undefined when none runs under that pid (a zombie does not run).
 */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!Number.isInteger(pid) || pid <= 1) {
    return undefined;
  }
  return process.platform === "linux" ? identifyByProc(pid) : identifyByPs(pid);
}

/**
 * Whether the very process that was recorded still runs.
 */
export function isRunning(recorded: ProcessIdentity): boolean {
  const now = identify(recorded.pid);
  return now !== undefined && now.start === recorded.start && now.command === recorded.command;
}

function identifyByProc(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, start] = [fields[0], fields[19]];
    if (start === undefined || state === "Z" || state === "X") {
      return undefined;
    }
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid, start, command };
  } catch {
    return undefined;
  }
}

function identifyByPs(pid: number): ProcessIdentity | undefined {
  try {
    const columns = ["-o", "state=", "-o", "lstart=", "-o", "command=", "-p", String(pid)];
    const line = execFileSync("ps", columns, {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    }).trim();
    const [, state, start, command] = /^(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line) ?? [];
    return start === undefined || command === undefined || state?.startsWith("Z")
      ? undefined
      : { pid, start, command };
  } catch {
    return undefined;
  }
}

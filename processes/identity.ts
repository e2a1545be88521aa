import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What tells a process from a later one with the same pid.
 */
export interface ProcessIdentity {
  pid: number;
  /** When it was started. Opaque, only compared: boot and clock ticks since then on Linux, a date elsewhere. */
  start: string;
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
  return identify(recorded.pid)?.start === recorded.start;
}

function identifyByProc(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, ticks] = [fields[0], fields[19]];
    if (ticks === undefined || state === "Z" || state === "X") {
      return undefined;
    }
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return { pid, start: `${boot} ${ticks}` };
  } catch {
    return undefined;
  }
}

function identifyByPs(pid: number): ProcessIdentity | undefined {
  try {
    const columns = ["-o", "state=", "-o", "lstart=", "-p", String(pid)];
    const environment = { ...process.env, LC_ALL: "C" };
    const line = execFileSync("ps", columns, { encoding: "utf8", env: environment }).trim();
    const [, state, start] = /^(\S+)\s+(.+)$/.exec(line) ?? [];
    return start === undefined || state?.startsWith("Z") ? undefined : { pid, start };
  } catch {
    return undefined;
  }
}

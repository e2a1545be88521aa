import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { identify } from "../../processes/identity.ts";

/** Processes whose command line names a folder, this one apart. */
export function pidsBelow(folder: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => identify(pid) !== undefined && commandLine(pid).includes(`${folder}/`));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** Addresses that processes listen on, as `/proc/net` writes them. */
export function listenersOf(pids: readonly number[]): string[] {
  const sockets = new Set(pids.flatMap(socketsOf));
  const listening = "0A";
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === listening && sockets.has(inode ?? ""))
      .map(([, address]) => address!.split(":")[0]!),
  );
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((file) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(path.join(folder, file)))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

/** Whether an address of {@link listenersOf} is reached from this machine alone. */
export function isLoopback(address: string): boolean {
  return (
    address === "0100007F" ||
    address === "0000000000000000FFFF00000100007F" ||
    address === "00000000000000000000000001000000"
  );
}

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ProcessIdentity } from "./identity.ts";

/**
 * A started process as written to `<folder>/<name>.json`, so that a later run can find and stop it.
 */
export interface ProcessRecord extends ProcessIdentity {
  name: string;
  /** Its command line, for people who read the record. */
  command: string;
  /** When it was started, in milliseconds since 1970. */
  recordedAt: number;
}

/**
 * Writes a record whole or not at all.
 */
export function writeRecord(folder: string, record: ProcessRecord): void {
  mkdirSync(folder, { recursive: true });
  const file = recordFile(folder, record.name);
  writeFileSync(`${file}.new`, JSON.stringify(record, undefined, 2) + "\n", { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * All records of a folder that make sense, in the order in which the processes were started; a damaged file is no record.
 */
export function readRecords(folder: string): ProcessRecord[] {
  return recordNames(folder)
    .flatMap((name) => parseRecord(name, recordFile(folder, name)) ?? [])
    .sort((a, b) => a.recordedAt - b.recordedAt);
}

/**
 * Removes every record of a folder, damaged ones included.
 */
export function clearRecords(folder: string): void {
  for (const name of recordNames(folder)) {
    rmSync(recordFile(folder, name), { force: true });
  }
}

function recordNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .map((file) => file.slice(0, -".json".length))
      .sort();
  } catch {
    return [];
  }
}

function recordFile(folder: string, name: string): string {
  return path.join(folder, `${name}.json`);
}

function parseRecord(name: string, file: string): ProcessRecord | undefined {
  try {
    const {
      pid,
      start,
      command = "",
      recordedAt = 0,
    } = JSON.parse(readFileSync(file, "utf8")) as Partial<ProcessRecord>;
    const isProcess = Number.isInteger(pid) && pid! > 1;
    return isProcess && typeof start === "string"
      ? { name, recordedAt, pid: pid!, start, command }
      : undefined;
  } catch {
    return undefined;
  }
}

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ProcessIdentity } from "./identity.ts";

/** A started process as written to `<folder>/<name>.json`, so that a later run can find and stop it. */
export interface ProcessRecord extends ProcessIdentity {
  name: string;
  /** Its command line, for people who read the record. */
  command: string;
  /** When it was started, in milliseconds since 1970. */
  recordedAt: number;
}

/** Writes a record whole or not at all. */
export function writeRecord(folder: string, record: ProcessRecord): void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${record.name}.json`);
  writeFileSync(`${file}.new`, JSON.stringify(record, undefined, 2) + "\n", { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * All records of a folder that make sense, in the order in which the processes were started; a damaged file is no record.
 */
export function readRecords(folder: string): ProcessRecord[] {
  return recordFiles(folder)
    .flatMap(parseRecord)
    .sort((a, b) => a.recordedAt - b.recordedAt);
}

/** Removes every record of a folder, damaged ones included. */
export function clearRecords(folder: string): void {
  recordFiles(folder).forEach((file) => rmSync(file, { force: true }));
}

function recordFiles(folder: string): string[] {
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
    return files.sort().map((file) => path.join(folder, file));
  } catch {
    return [];
  }
}

function parseRecord(file: string): ProcessRecord[] {
  try {
    const record = JSON.parse(readFileSync(file, "utf8")) as Partial<ProcessRecord>;
    const { name, pid, start, recordedAt } = record;
    const isWhole = [name, start].every(isText) && [pid, recordedAt].every(Number.isInteger);
    return isWhole ? [record as ProcessRecord] : [];
  } catch {
    return [];
  }
}

const isText = (value: unknown): boolean => typeof value === "string";

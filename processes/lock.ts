import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identify, isRunning } from "./identity.ts";
import type { ProcessIdentity } from "./identity.ts";

/**
 * Runs work while holding a lock file, so that of several runs one works and the others wait.
 *
 * @param waiting called once when another run holds the lock, with its pid
 */
export async function withLock<T>(
  file: string,
  waiting: (pid: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  const release = await takeLock(file, waiting);
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * Waits for a lock file and takes it. The lock of a run that is gone is taken over.
 *
 * @returns what releases it
 */
export async function takeLock(file: string, waiting: (pid: number) => void): Promise<() => void> {
  mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  while (!take(file)) {
    const holder = readHolder(file);
    if (holder === undefined || !isRunning(holder)) {
      discard(file);
      continue;
    }
    if (!told) {
      waiting(holder.pid);
      told = true;
    }
    await sleep(300);
  }
  return () => rmSync(file, { force: true });
}

/** A link appears with its content or not at all, so no other run reads half a lock. */
function take(file: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(identify(process.pid)));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Removes a dead run's lock; one that another run took in the meantime is put back. */
function discard(file: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const holder = readHolder(aside);
  if (holder !== undefined && isRunning(holder)) {
    linkSync(aside, file);
  }
  rmSync(aside, { force: true });
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, "utf8")) as Partial<ProcessIdentity> | null;
    return typeof holder?.pid === "number" ? (holder as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
}

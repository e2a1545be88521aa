import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { withLock } from "../processes/lock.ts";
import { toolPlaces } from "./places.ts";
import { ToolUnavailable } from "./unavailable.ts";

const run = promisify(execFile);

/** The folder of a package that is unpacked, which takes the place of `/`. */
export const unpackedPackage = (name: string): string => path.join(toolPlaces.debian, name);

/**
 * Downloads a Debian package, with those of its dependencies that this system lacks, and unpacks them into
 * `.tools/debian/<name>` without installing them: no root is needed, and nothing of the system's is touched. What another run
 * unpacks meanwhile is waited for.
 *
 * @throws Error in the words of apt-get, or with the code ENOENT where there is none
 */
export async function unpackDebianPackage(name: string): Promise<void> {
  const unpacked = unpackedPackage(name);
  const isStale = existsSync(unpacked);
  await withLock(
    `${toolPlaces.debian}.lock`,
    () => undefined,
    async () => {
      if (isStale || !existsSync(unpacked)) await unpack(name, unpacked);
    },
  );
}

async function unpack(name: string, unpacked: string): Promise<void> {
  const lists = path.join(toolPlaces.debian, "lists");
  const cache = path.join(toolPlaces.debian, "cache", name);
  for (const folder of [cache, unpacked, `${unpacked}.new`]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(lists, "partial"), { recursive: true });
  mkdirSync(path.join(cache, "archives/partial"), { recursive: true });
  const options = [
    `Dir::State::lists=${lists}`,
    `Dir::Cache=${cache}`,
    "APT::Sandbox::User=root",
    // The system's lock is root's, and nothing of the system's is written.
    "Debug::NoLocking=true",
  ].flatMap((option) => ["-o", option]);
  const aptGet = (...words: string[]) => run("apt-get", [...options, "-qq", ...words], { timeout: 300_000 });
  await aptGet("update");
  await aptGet("install", "--yes", "--download-only", "--no-install-recommends", name);
  const archives = path.join(cache, "archives");
  for (const file of readdirSync(archives).filter((each) => each.endsWith(".deb"))) {
    await run("dpkg", ["-x", path.join(archives, file), `${unpacked}.new`]);
  }
  renameSync(`${unpacked}.new`, unpacked);
  rmSync(cache, { recursive: true });
}

/** Turns a failure of apt-get into one that names the program and says what to do. */
export const debianFailure =
  (program: string, advice: string) =>
  (error: unknown): never => {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    const reason = code === "ENOENT" ? "there is no apt-get" : (stderr ?? String(error)).trim();
    throw new ToolUnavailable(program, reason, advice);
  };

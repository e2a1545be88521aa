import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { Log } from "../terminal/log.ts";
import { obtainOnce } from "./once.ts";
import { toolPlaces } from "./places.ts";
import { ToolUnavailable } from "./unavailable.ts";

const run = promisify(execFile);

/** The folder of a package that is unpacked, which takes the place of `/`. */
export const unpackedPackage = (name: string): string => path.join(toolPlaces.debian, name);

/** A Debian package that this machine may lack. */
export interface DebianPackage {
  readonly name: string;
  /** What it is, as the log has it. */
  readonly title: string;
  /** Whether what is wanted of it is unpacked. */
  readonly isThere: () => boolean;
  /** What to do where it cannot be had. */
  readonly advice: string;
}

/**
 * Downloads a Debian package that is not there, with those of its dependencies that this system lacks, and unpacks them into
 * `.tools/debian/<name>` without installing them: no root is needed, and nothing of the system's is touched.
 *
 * @throws ToolUnavailable when it cannot be had
 */
export async function ensureDebianPackage(
  { name, title, isThere, advice }: DebianPackage,
  log: Log,
): Promise<void> {
  const obtain = () =>
    log
      .step(`Downloading ${title}`, 20, () => unpack(name))
      .catch((error: unknown) => {
        const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
        const reason = code === "ENOENT" ? "there is no apt-get" : (stderr ?? String(error)).trim();
        throw new ToolUnavailable(name, reason, advice);
      });
  await obtainOnce(
    { isThere, lock: `${toolPlaces.debian}.lock`, doing: "unpacks Debian's packages", obtain },
    log,
  );
}

async function unpack(name: string): Promise<void> {
  const unpacked = unpackedPackage(name);
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

import { existsSync, globSync } from "node:fs";
import path from "node:path";
import { debianFailure, unpackDebianPackage, unpackedPackage } from "./debian.ts";
import type { Log } from "../terminal/log.ts";

/** The programs of a PostgreSQL server, and what they need in their environment. */
export interface Postgres {
  /** Folder with `initdb` and `postgres`. */
  readonly bin: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Finds PostgreSQL: where Debian installs it, or in Debian's packages.
 *
 * @throws ToolUnavailable when there is neither
 */
export async function ensurePostgres(log: Log): Promise<Postgres> {
  const installed = newestBelow("/");
  if (installed !== undefined) return { bin: installed, environment: {} };
  const root = unpackedPackage("postgresql");
  if (newestBelow(root) === undefined) {
    await log
      .step("Downloading PostgreSQL, Open WebUI's database", 20, () => unpackDebianPackage("postgresql"))
      .catch(debianFailure("postgresql", "Install Debian's package postgresql; then run this again."));
  }
  const libraries = globSync(path.join(root, "usr/lib/*-linux-gnu"));
  return { bin: newestBelow(root)!, environment: { LD_LIBRARY_PATH: libraries.join(":") } };
}

/** Debian keeps the programs of each major version in a folder of its own. */
const newestBelow = (root: string): string | undefined =>
  globSync(path.join(root, "usr/lib/postgresql/*/bin"))
    .filter((folder) => existsSync(path.join(folder, "postgres")))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))[0];

import { existsSync, globSync } from "node:fs";
import path from "node:path";
import { ensureDebianPackage, unpackedPackage } from "./debian.ts";
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
  const wanted = {
    name: "postgresql",
    title: "PostgreSQL, Open WebUI's database",
    isThere: () => newestBelow(root) !== undefined,
    advice: "Install Debian's package postgresql; then run this again.",
  };
  await ensureDebianPackage(wanted, log);
  const libraries = globSync(path.join(root, "usr/lib/*-linux-gnu"));
  return { bin: newestBelow(root)!, environment: { LD_LIBRARY_PATH: libraries.join(":") } };
}

/** Debian keeps the programs of each major version in a folder of its own. */
const newestBelow = (root: string): string | undefined =>
  globSync(path.join(root, "usr/lib/postgresql/*/bin"))
    .filter((folder) => existsSync(path.join(folder, "postgres")))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))[0];

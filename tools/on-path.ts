import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import semver, { type SemVer } from "semver";
import { UserError } from "../errors.ts";
import type { Program, ProgramName } from "./programs.ts";

/** A program that was already on this machine. */
export interface Found {
  file: string;
  /** What it says it is; undefined when it cannot be asked. */
  version: SemVer | undefined;
  /** Why it cannot be used; undefined when it can. */
  refused: string | undefined;
}

/** What is known of a program that may be on this machine. */
export type Wanted = Pick<Program, "name" | "recognise">;

/**
 * Looks for a program where its variable says (`TEMPO_BIN` for tempo); without one on PATH, and for a Pulumi provider
 * among the plugins that the Pulumi CLI has fetched.
 *
 * @throws UserError, wrong use, when the variable names no program
 */
export async function findProgram(program: Wanted, environment = process.env): Promise<Found | undefined> {
  const variable = `${program.name.toUpperCase().replaceAll("-", "_")}_BIN`;
  const named = environment[variable];
  if (named && !isExecutable(named)) {
    throw new UserError(
      `${variable} names no program that can be run: ${named}. Correct it, or unset it.`,
      2,
    );
  }
  const files = folders(program.name, environment).map((folder) => path.join(folder, program.name));
  const file = named || files.find(isExecutable);
  return file === undefined ? undefined : { file, ...(await judged(program, file)) };
}

/** The version of a program that will be run: the one on this machine if it is usable, else the one that is built. */
export async function versionAtHand(program: Program, environment = process.env): Promise<SemVer> {
  const found = await findProgram(program, environment);
  const usable = found?.refused === undefined ? found?.version : undefined;
  return usable ?? semver.coerce(program.version)!;
}

async function judged(program: Wanted, file: string): Promise<Omit<Found, "file">> {
  if (program.recognise === undefined) {
    return { version: undefined, refused: undefined };
  }
  const { arguments: flags, usable } = program.recognise;
  const answer = await promisify(execFile)(file, [...flags], { timeout: 20_000 }).catch(() => undefined);
  const version = semver.coerce(`${answer?.stdout}\n${answer?.stderr}`);
  if (version === null) {
    return { version: undefined, refused: `does not say its version` };
  }
  const refused = semver.satisfies(version, usable)
    ? undefined
    : `is ${majorMinor(version)}, wanted ${majorMinor(semver.minVersion(usable)!)} or later`;
  return { version, refused };
}

const majorMinor = ({ major, minor }: SemVer): string => `${major}.${minor}`;

function folders(name: ProgramName, environment: NodeJS.ProcessEnv): string[] {
  const onPath = (environment["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  return [...onPath, ...pluginFolders(name, environment)];
}

/** The CLI keeps `pulumi-resource-x` in `plugins/resource-x-v<version>/`; the newest comes first. */
function pluginFolders(name: ProgramName, environment: NodeJS.ProcessEnv): string[] {
  if (!name.startsWith("pulumi-resource-")) {
    return [];
  }
  const plugins = path.join(environment["PULUMI_HOME"] ?? path.join(homedir(), ".pulumi"), "plugins");
  const prefix = `${name.slice("pulumi-".length)}-v4.`;
  try {
    return readdirSync(plugins, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.startsWith(prefix))
      .map((entry) => path.join(plugins, entry.name))
      .sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  } catch {
    return [];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

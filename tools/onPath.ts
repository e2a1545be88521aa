import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Program, ProgramName, Version } from "./programs.ts";

/** A program that was already on this machine. */
export interface Found {
  file: string;
  /** Why it cannot be used; undefined when it can. */
  refused: string | undefined;
}

/**
 * Looks for a program on PATH, and for a Pulumi provider among the plugins that the Pulumi CLI has fetched.
 */
export async function findProgram(program: Program, environment = process.env): Promise<Found | undefined> {
  const file = folders(program.name, environment)
    .map((folder) => path.join(folder, program.name))
    .find(isExecutable);
  return file === undefined ? undefined : { file, refused: await refusal(program, file) };
}

/** The first version number in a program's answer. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor] = /\bv?(\d+)\.(\d+)/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

/** Whether a version is the oldest that will do, or a later one with the same major number. */
export function isUsable(version: Version, oldest: Version): boolean {
  return version[0] === oldest[0] && version[1] >= oldest[1];
}

async function refusal(program: Program, file: string): Promise<string | undefined> {
  if (program.recognise === undefined) {
    return undefined;
  }
  const { arguments: flags, oldest } = program.recognise;
  const answer = await promisify(execFile)(file, [...flags], { timeout: 20_000 }).catch(() => undefined);
  const version = parseVersion(`${answer?.stdout}\n${answer?.stderr}`);
  if (version === undefined) {
    return `does not say its version`;
  }
  return isUsable(version, oldest)
    ? undefined
    : `is ${version.join(".")}, wanted ${oldest.join(".")} or later`;
}

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

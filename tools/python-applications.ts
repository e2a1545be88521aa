import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { Log } from "../terminal/log.ts";
import { obtainOnce } from "./once.ts";
import { toolPlaces } from "./places.ts";
import type { Guard } from "../processes/guard.ts";
import { ToolUnavailable } from "./unavailable.ts";

/** The applications that the stack traces, by the folder of `tools/` that pins them. */
export const applicationNames = ["litellm", "open-webui"] as const;

/** One of them. */
export type ApplicationName = (typeof applicationNames)[number];

/** Folder with the programs of each application's virtual environment. */
export type ApplicationPaths = Readonly<Record<ApplicationName, string>>;

/** Pythons that the lock files are made for. */
const minors = [11, 12];

/** All at once, on two cores. */
const usualSeconds = 90;

/**
 * Installs the real LiteLLM and Open WebUI from their lock files into `.tools/python`, each into a virtual environment
 * of its own, unless it is there. One whose installation was interrupted is installed anew.
 *
 * @param guard stops an installation when this run ends
 * @throws ToolUnavailable when there is no fitting Python, or packages cannot be obtained
 */
export async function ensureApplications(run: Run): Promise<ApplicationPaths> {
  await ensureInstalled("LiteLLM and Open WebUI", applicationNames, run);
  return { litellm: programs("litellm"), "open-webui": programs("open-webui") };
}

/**
 * Installs checkov in the same way.
 *
 * @returns its program
 * @throws ToolUnavailable when there is no fitting Python, or packages cannot be obtained
 */
export async function ensureCheckov(run: Run): Promise<string> {
  await ensureInstalled("checkov", ["checkov"], run);
  return path.join(programs("checkov"), "checkov");
}

interface Run {
  guard: Guard;
  log: Log;
}

async function ensureInstalled(title: string, names: readonly string[], { guard, log }: Run): Promise<void> {
  const python = await findPython();
  const missing = () => names.filter((name) => !isInstalled(name, python));
  const obtain = () =>
    log.step(`Installing ${title} from PyPI`, usualSeconds, async () => {
      const work = await Promise.allSettled(missing().map((name) => install(name, python, guard)));
      const failed = work.find((each) => each.status === "rejected");
      if (failed) throw failed.reason;
    });
  const isThere = () => missing().length === 0;
  const lock = path.join(toolPlaces.python, "lock");
  await obtainOnce({ isThere, lock, doing: "installs from PyPI", obtain }, log);
}

interface Python {
  readonly command: string;
  readonly version: string;
}

async function findPython(): Promise<Python> {
  const seen: string[] = [];
  for (const command of ["python3", ...minors.toReversed().map((minor) => `python3.${minor}`)]) {
    const { stdout } = await promisify(execFile)(command, ["--version"]).catch(() => ({ stdout: "" }));
    const version = /^Python (3\.\d+\.\d+)/.exec(stdout)?.[1];
    if (version === undefined) continue;
    if (minors.some((minor) => version.startsWith(`3.${minor}.`))) return { command, version };
    seen.push(`${command} is ${version}`);
  }
  throw new ToolUnavailable(
    "Python",
    seen.length > 0 ? seen.join(", ") : "there is no python3",
    `Install Python ${minors.map((minor) => `3.${minor}`).join(" or ")} with its venv module; then run this again.`,
  );
}

async function install(name: string, python: Python, guard: Guard): Promise<void> {
  const folder = path.join(toolPlaces.python, name);
  const logFile = path.join(toolPlaces.logs, `${name}.log`);
  rmSync(folder, { recursive: true, force: true });
  rmSync(logFile, { force: true });
  const run = async (command: string, ...words: string[]) => {
    const process = await guard.start({
      name: `install-${name}`,
      command,
      arguments: words,
      directory: toolPlaces.modules,
      environment: {},
      log: logFile,
    });
    const { code } = await process.exited;
    if (code !== 0) throw failure(name, logFile);
  };
  await run(python.command, "-m", "venv", folder);
  const pip = path.join(folder, "bin/pip");
  // The lock is complete: nothing is resolved here.
  await run(
    pip,
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--require-hashes",
    ...["-r", lockOf(name)],
  );
  writeFileSync(stampFile(name), stampOf(name, python));
}

function failure(name: string, logFile: string): ToolUnavailable {
  const lines = existsSync(logFile) ? readFileSync(logFile, "utf8").trim().split("\n").slice(-3) : [];
  return new ToolUnavailable(
    name,
    lines.join("\n") || "its installation was stopped",
    `The whole log: ${path.relative(process.cwd(), logFile)}. Running this again begins anew.`,
  );
}

const isInstalled = (name: string, python: Python): boolean =>
  existsSync(stampFile(name)) && readFileSync(stampFile(name), "utf8") === stampOf(name, python);

/** The programs of a virtual environment know its folder: one that was moved is installed anew. */
const stampOf = (name: string, { version }: Python): string =>
  createHash("sha256")
    .update(version)
    .update(programs(name))
    .update(readFileSync(lockOf(name)))
    .digest("hex");

const programs = (name: string): string => path.join(toolPlaces.python, name, "bin");
const stampFile = (name: string): string => path.join(toolPlaces.python, name, "installed");
const lockOf = (name: string): string => path.join(toolPlaces.modules, name, "requirements.txt");

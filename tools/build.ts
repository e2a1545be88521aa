import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { UserError } from "../errors.ts";
import type { Log } from "../terminal/log.ts";
import { toolPlaces } from "./places.ts";
import type { Guard } from "../processes/guard.ts";
import type { Program } from "./programs.ts";
import { binaryOf, writeStamp } from "./stamp.ts";
import { ToolUnavailable } from "./unavailable.ts";

/** What Go's caches fill on the way to all programs, and to one of them, in GB. */
const coldBuildsNeed = 10;
const oneBuildNeeds = 2;

/** What every call of go is told, whatever the user's own settings are. */
export const goEnvironment = {
  CGO_ENABLED: "0",
  GOFLAGS: "",
  GOWORK: "off",
} as const;

/**
 * Builds a program into `.tools/bin`. What was compiled before an interruption is not compiled again.
 *
 * @throws ToolUnavailable when this machine cannot build it: no Go, too old, no module proxy, no space
 * @throws UserError when the build itself is broken
 */
export async function buildProgram(program: Program, guard: Guard, log: Log): Promise<string> {
  const binary = binaryOf(program);
  const logFile = path.join(toolPlaces.logs, `${program.name}.log`);
  mkdirSync(toolPlaces.bin, { recursive: true });
  rmSync(logFile, { force: true });
  const title = `Building ${program.name} ${program.version}`;
  await log.step(title, program.usualMinutes * 60, async () => {
    const compiler = await guard.start({
      name: `go-build-${program.name}`,
      command: "go",
      arguments: [
        "build",
        "-trimpath",
        "-buildvcs=false",
        ...program.flags,
        "-o",
        `${binary}.new`,
        program.package,
      ],
      directory: path.join(toolPlaces.modules, program.module),
      environment: goEnvironment,
      log: logFile,
    });
    const { code } = await compiler.exited;
    if (code !== 0) {
      throw buildFailure(program, logFile);
    }
  });
  renameSync(`${binary}.new`, binary);
  writeStamp(program);
  return binary;
}

/**
 * Checks that these programs can be built here.
 *
 * @throws ToolUnavailable naming the first that cannot
 */
export async function checkBuilder(needed: readonly Program[]): Promise<void> {
  for (const program of needed) {
    await checkGo(program);
  }
  checkSpace(needed);
}

async function checkGo(program: Program): Promise<void> {
  const module = path.join(toolPlaces.modules, program.module);
  const wanted = /^go (\S+)$/m.exec(readFileSync(path.join(module, "go.mod"), "utf8"))?.[1];
  const advice = `Install Go ${wanted} or later, or put ${program.name} ${program.version} on PATH; then run this again.`;
  try {
    await promisify(execFile)("go", ["version"], { cwd: module, env: { ...process.env, ...goEnvironment } });
  } catch (error) {
    throw goFailure(program.name, error, advice);
  }
}

/** Turns a failure of the go command into one that names what was wanted and says what to do. */
export function goFailure(program: string, error: unknown, advice: string): UserError {
  const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
  if (stderr?.includes("checksum mismatch")) {
    return new UserError(`${program} is not what this project was written with:\n${stderr.trim()}`);
  }
  const reason = code === "ENOENT" ? "there is no go command" : lastLines(stderr || String(error), 1);
  return new ToolUnavailable(program, reason, advice);
}

function checkSpace(needed: readonly Program[]): void {
  const program = needed[0]!;
  const wantedGigabytes = Math.min(coldBuildsNeed, oneBuildNeeds * needed.length);
  mkdirSync(toolPlaces.bin, { recursive: true });
  const { bavail, bsize } = statfsSync(toolPlaces.bin);
  const freeGigabytes = (bavail * bsize) / 1e9;
  if (freeGigabytes < wantedGigabytes) {
    throw new ToolUnavailable(
      program.name,
      `${freeGigabytes.toFixed(1)} GB of disk are free, the build wants about ${wantedGigabytes} GB on the way`,
      "Free some space (`go clean -cache` releases Go's own) and run this again: it goes on where it stopped.",
    );
  }
}

/** What go prints when a module or the machine is at fault, not the program's source. */
const notObtained =
  /dial tcp|no such host|i\/o timeout|connection refused|TLS handshake|not found: |404 Not Found|403 Forbidden|410 Gone|unrecognized import path|reading https?:|no space left|signal: killed|toolchain not available|requires go >=/i;

function buildFailure(program: Program, logFile: string): UserError {
  const output = existsSync(logFile) ? readFileSync(logFile, "utf8") : "";
  const reason = lastLines(output, 5) || "go build was stopped";
  const advice = `The whole log: ${path.relative(process.cwd(), logFile)}. Running this again goes on where it stopped.`;
  return notObtained.test(output)
    ? new ToolUnavailable(program.name, reason, advice)
    : new UserError(`Building ${program.name} ${program.version} failed:\n${reason}\n${advice}`);
}

function lastLines(text: string, count: number): string {
  return text.trim().split("\n").slice(-count).join("\n");
}

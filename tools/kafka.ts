import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { UserError } from "../errors.ts";
import type { Guard } from "../processes/guard.ts";
import type { Log } from "../terminal/log.ts";
import { obtainOnce } from "./once.ts";
import { toolPlaces } from "./places.ts";
import { ToolUnavailable } from "./unavailable.ts";

const module = path.join(toolPlaces.modules, "kafka");
const pom = path.join(module, "pom.xml");
const checksums = path.join(module, "jars.sha256");
const javaNeeded = 17;
const advice = `Install Java ${javaNeeded} or later and Maven; then run this again.`;

/** Runs a class of Kafka's: its arguments are the folder of jars, the class, and those of the class. */
export const kafkaLauncher = path.join(module, "kafka");

/**
 * Finds Kafka's jars, or downloads them from Maven's registry and checks them by `tools/kafka/jars.sha256`.
 *
 * @param guard stops a download when this run ends
 * @returns their folder
 * @throws ToolUnavailable when there is no Java or no Maven, or the jars cannot be had
 * @throws UserError when they are not those that this project was written with
 */
export async function ensureKafka(run: { guard: Guard; log: Log }): Promise<string> {
  await checkJava();
  const folder = path.join(toolPlaces.kafka, stamp());
  const isThere = () => existsSync(folder);
  const obtain = () => download(folder, run);
  await obtainOnce({ isThere, lock: `${toolPlaces.kafka}.lock`, doing: "downloads Kafka", obtain }, run.log);
  return folder;
}

async function download(folder: string, { guard, log }: { guard: Guard; log: Log }): Promise<void> {
  await promisify(execFile)("mvn", ["--version"]).catch((error: unknown) => {
    throw new ToolUnavailable("kafka", wordsOf("mvn", error), advice);
  });
  const unfinished = `${folder}.new`;
  const logFile = path.join(toolPlaces.logs, "kafka.log");
  for (const each of [toolPlaces.kafka, logFile]) rmSync(each, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await log.step("Downloading Kafka, which a distributed Tempo writes through", 60, async () => {
    const maven = await guard.start({
      name: "download-kafka",
      command: "mvn",
      arguments: [
        ...["--batch-mode", "--quiet", "--strict-checksums", "--file", pom],
        ...["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${unfinished}`],
      ],
      directory: module,
      environment: {},
      log: logFile,
    });
    const { code } = await maven.exited;
    if (code !== 0) throw failure(logFile);
  });
  checkJars(unfinished, readFileSync(checksums, "utf8"));
  renameSync(unfinished, folder);
}

/**
 * Checks that a folder has exactly the files of a list as `sha256sum` writes it, with that content.
 *
 * @throws UserError naming what differs
 */
export function checkJars(folder: string, wanted: string): void {
  const there = readdirSync(folder)
    .sort()
    .map((file) => {
      const hash = createHash("sha256").update(readFileSync(path.join(folder, file)));
      return `${hash.digest("hex")}  ${file}`;
    });
  const pinned = wanted.trim().split("\n");
  const differing = [
    ...there.filter((line) => !pinned.includes(line)),
    ...pinned.filter((line) => !there.includes(line)),
  ].map((line) => line.split("  ")[1]!);
  if (differing.length > 0) {
    throw new UserError(
      `Kafka is not what this project was written with: ${[...new Set(differing)].join(", ")} differ from tools/kafka/jars.sha256.`,
    );
  }
}

async function checkJava(): Promise<void> {
  // It says its version on standard error.
  const { stderr } = await promisify(execFile)("java", ["-version"]).catch((error: unknown) => {
    throw new ToolUnavailable("kafka", wordsOf("java", error), advice);
  });
  const major = Number(/version "(\d+)/.exec(stderr)?.[1]);
  if (!(major >= javaNeeded)) {
    throw new ToolUnavailable("kafka", `java is ${stderr.split("\n")[0]}`, advice);
  }
}

const wordsOf = (command: string, error: unknown): string => {
  const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
  return code === "ENOENT"
    ? `there is no ${command} command`
    : `${command}: ${stderr || String(error)}`.trim();
};

function failure(logFile: string): ToolUnavailable {
  const lines = existsSync(logFile) ? readFileSync(logFile, "utf8").trim().split("\n").slice(0, 3) : [];
  return new ToolUnavailable(
    "kafka",
    lines.join("\n") || "its download was stopped",
    `The whole log: ${path.relative(process.cwd(), logFile)}. ${advice}`,
  );
}

/** Another list of jars is another folder. */
const stamp = (): string =>
  createHash("sha256").update(readFileSync(pom)).update(readFileSync(checksums)).digest("hex").slice(0, 12);

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { Log } from "./log.ts";
import { findProgram } from "./onPath.ts";
import { toolPlaces } from "./places.ts";
import { ToolUnavailable } from "./unavailable.ts";

const run = promisify(execFile);

/** Where Debian's package is unpacked, which has `promtool` too. */
const unpacked = path.join(toolPlaces.debian, "prometheus");
const downloaded = path.join(unpacked, "usr/bin/prometheus");

/**
 * Finds Prometheus, the one program that is no Go module: on PATH, or downloads Debian's package and unpacks it into
 * `.tools/debian`, without installing it.
 *
 * @throws ToolUnavailable when there is neither
 */
export async function ensurePrometheus(log: Log): Promise<string> {
  const onPath = await findProgram({
    name: "prometheus",
    recognise: { arguments: ["--version"], oldest: [2, 40], newestMajor: 3 },
  });
  if (onPath !== undefined && onPath.refused === undefined) {
    return onPath.file;
  }
  if (!existsSync(downloaded)) {
    await log.step("Downloading Prometheus, the sandbox's store of metrics", 20, download);
  }
  return downloaded;
}

async function download(): Promise<void> {
  mkdirSync(path.join(toolPlaces.debian, "lists/partial"), { recursive: true });
  mkdirSync(path.join(toolPlaces.debian, "cache/archives/partial"), { recursive: true });
  // Lists and cache of our own: no root is needed, and nothing of the system's is touched.
  const options = [
    "-o",
    `Dir::State::lists=${toolPlaces.debian}/lists`,
    "-o",
    `Dir::Cache=${toolPlaces.debian}/cache`,
    "-o",
    "APT::Sandbox::User=root",
  ];
  const settings = { cwd: toolPlaces.debian, timeout: 300_000 };
  try {
    await run("apt-get", [...options, "-qq", "update"], settings);
    await run("apt-get", [...options, "-qq", "download", "prometheus"], settings);
    const archive = readdirSync(toolPlaces.debian).find((file) => /^prometheus_.*\.deb$/.test(file));
    await run("dpkg", ["-x", archive ?? "", unpacked], settings);
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    const reason = code === "ENOENT" ? "there is no apt-get" : (stderr ?? String(error)).trim();
    throw new ToolUnavailable(
      "prometheus",
      reason,
      "Put Prometheus 2.40 or later on PATH; then run this again.",
    );
  }
}

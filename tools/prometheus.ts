import { existsSync } from "node:fs";
import path from "node:path";
import { debianFailure, unpackDebianPackage, unpackedPackage } from "./debian.ts";
import type { Log } from "../terminal/log.ts";
import { findProgram } from "./on-path.ts";

/**
 * Finds Prometheus: on PATH, or in Debian's package, which has `promtool` too.
 *
 * @throws ToolUnavailable when there is neither
 */
export async function ensurePrometheus(log: Log): Promise<string> {
  const onPath = await findProgram({
    name: "prometheus",
    recognise: { arguments: ["--version"], usable: ">=2.40 <4" },
  });
  if (onPath !== undefined && onPath.refused === undefined) {
    return onPath.file;
  }
  const downloaded = path.join(unpackedPackage("prometheus"), "usr/bin/prometheus");
  if (!existsSync(downloaded)) {
    await log
      .step("Downloading Prometheus, the sandbox's store of metrics", 20, () =>
        unpackDebianPackage("prometheus"),
      )
      .catch(debianFailure("prometheus", "Put Prometheus 2.40 or later on PATH; then run this again."));
  }
  return downloaded;
}

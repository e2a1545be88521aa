import { existsSync } from "node:fs";
import path from "node:path";
import { ensureDebianPackage, unpackedPackage } from "./debian.ts";
import type { Log } from "../terminal/log.ts";
import { findProgram } from "./on-path.ts";

/**
 * Finds Prometheus: on PATH, or in Debian's package, which has `promtool` too.
 *
 * @throws ToolUnavailable when there is neither
 */
export async function ensurePrometheus(log: Log): Promise<string> {
  const atHand = await prometheusAtHand();
  if (atHand !== undefined) {
    return atHand;
  }
  const wanted = {
    name: "prometheus",
    title: "Prometheus, the sandbox's store of metrics",
    isThere: () => existsSync(unpacked),
    advice: "Put Prometheus 2.40 or later on PATH; then run this again.",
  };
  await ensureDebianPackage(wanted, log);
  return unpacked;
}

/** Prometheus' own checker, which every package of it has beside it; undefined while there is none on this machine. */
export async function promtoolAtHand(): Promise<string | undefined> {
  const prometheus = await prometheusAtHand();
  const promtool = prometheus && path.join(path.dirname(prometheus), "promtool");
  return promtool && existsSync(promtool) ? promtool : undefined;
}

const unpacked = path.join(unpackedPackage("prometheus"), "usr/bin/prometheus");

async function prometheusAtHand(): Promise<string | undefined> {
  const onPath = await findProgram({
    name: "prometheus",
    recognise: { arguments: ["--version"], usable: ">=2.40 <4" },
  });
  if (onPath !== undefined && onPath.refused === undefined) return onPath.file;
  return existsSync(unpacked) ? unpacked : undefined;
}

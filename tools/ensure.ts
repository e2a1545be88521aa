import { formatSeconds } from "../terminal/duration.ts";
import { buildProgram, checkBuilder } from "./build.ts";
import type { Log } from "../terminal/log.ts";
import { alignRows } from "../terminal/table.ts";
import { ensureKafka } from "./kafka.ts";
import { findProgram } from "./on-path.ts";
import { obtainOnce } from "./once.ts";
import { ensureOperatorCrds } from "./operator-crds.ts";
import { ensurePrometheus } from "./prometheus.ts";
import { toolPlaces } from "./places.ts";
import type { Guard } from "../processes/guard.ts";
import { programs } from "./programs.ts";
import type { Program, ProgramName } from "./programs.ts";
import { binaryOf, isBuilt } from "./stamp.ts";

/** Where each of the programs that were asked for is. */
export type ToolPaths = Readonly<Record<ProgramName, string>>;

/**
 * Finds programs, and builds or downloads those that this machine lacks: one on PATH in a usable version wins, then the one built
 * before into `.tools/bin`.
 *
 * @param guard stops a build when this run ends
 * @throws ToolUnavailable when one can neither be found nor built here
 * @throws UserError when a build is broken
 */
export async function ensureTools(
  names: readonly ProgramName[],
  { guard, log }: { guard: Guard; log: Log },
): Promise<ToolPaths> {
  const wanted = programs.filter((program) => names.includes(program.name));
  const found = new Map<ProgramName, string>();
  const missing: { program: Program; reason: string }[] = [];
  for (const program of wanted) {
    const onPath = await findProgram(program);
    if (onPath !== undefined && onPath.refused === undefined) {
      found.set(program.name, onPath.file);
    } else if (isBuilt(program)) {
      found.set(program.name, binaryOf(program));
    } else {
      missing.push({
        program,
        reason: onPath === undefined ? "not on PATH" : `${onPath.file} ${onPath.refused}`,
      });
    }
  }
  if (missing.length > 0) {
    await buildMissing(missing, guard, log);
    missing.forEach(({ program }) => found.set(program.name, binaryOf(program)));
  }
  if (names.includes("prometheus")) {
    found.set("prometheus", await ensurePrometheus(log));
  }
  if (names.includes("kafka")) {
    found.set("kafka", await ensureKafka({ guard, log }));
  }
  if (names.includes("prometheus-operator-crds")) {
    found.set("prometheus-operator-crds", await ensureOperatorCrds(log));
  }
  return Object.fromEntries(found) as ToolPaths;
}

async function buildMissing(
  missing: readonly { program: Program; reason: string }[],
  guard: Guard,
  log: Log,
): Promise<void> {
  await checkBuilder(missing.map(({ program }) => program));
  announce(missing, log);
  const lacking = () => missing.filter(({ program }) => !isBuilt(program));
  const isThere = () => lacking().length === 0;
  const obtain = async () => {
    for (const { program } of lacking()) await buildProgram(program, guard, log);
  };
  await obtainOnce({ isThere, lock: toolPlaces.lock, doing: "is building", obtain }, log);
}

function announce(missing: readonly { program: Program; reason: string }[], log: Log): void {
  const seconds = missing.reduce((sum, { program }) => sum + program.usualMinutes * 60, 0);
  log.line(
    `Building ${missing.length === 1 ? "a program" : `${missing.length} programs`} that this machine lacks, once:`,
  );
  log.line(
    ...alignRows(missing.map(({ program, reason }) => [program.name, `${program.purpose} (${reason})`])),
  );
  log.line(
    `About ${formatSeconds(Math.ceil(seconds / 60) * 60)} on two cores. Ctrl-C is safe: the next run goes on from there.`,
  );
}

import semver from "semver";
import { lineOf, type TempoLine } from "../../sandbox/settings.ts";
import { settingsOf } from "../contract/product.ts";
import { versionAtHand } from "../../tools/on-path.ts";
import { programNamed } from "../../tools/programs.ts";
import { binaryOf, isBuilt } from "../../tools/stamp.ts";
import type { Guard } from "../../processes/guard.ts";
import { toolsOrSkip } from "./harness.ts";

const tempo = programNamed("tempo");

/** The line of the Tempo that the sandbox runs. */
export const sandboxLine = lineOf(await versionAtHand(tempo));

/** The line that is deployed unless the settings name another. */
export const defaultLine = settingsOf("dev").tempo.line;

/** Lines for which there is a Tempo: the sandbox's, and one that was built here while `TEMPO_BIN` names another. */
export const linesAtHand: ReadonlySet<TempoLine> = new Set([
  sandboxLine,
  ...(isBuilt(tempo) ? [lineOf(semver.coerce(tempo.version)!)] : []),
]);

/** Tempo's program for one of {@link linesAtHand}. */
export async function tempoOf(line: TempoLine, context: Mocha.Context, guard: Guard): Promise<string> {
  return line === sandboxLine ? (await toolsOrSkip(context, guard, ["tempo"])).tempo : binaryOf(tempo);
}

/** A skipped test that says which line of Tempo was not tried; nothing where there is one. */
export function itIsSkippedWithout(line: TempoLine, lines: ReadonlySet<TempoLine>): void {
  if (!lines.has(line)) {
    it(`NOT TESTED with Tempo ${line}: none is here; TEMPO_BIN may name one`, function () {
      this.skip();
    });
  }
}

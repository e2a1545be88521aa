import type { SemVer } from "semver";
import type { Settings } from "../settings.ts";
import { versionAtHand } from "../tools/on-path.ts";
import { programNamed } from "../tools/programs.ts";
import { sandboxContext } from "./connection.ts";

/** A line of Tempo, as the setting `tempo.line` names it. */
export type TempoLine = Settings["tempo"]["line"];

/** The line whose configuration a Tempo of that version takes. */
export const lineOf = ({ major }: Pick<SemVer, "major">): TempoLine => (major >= 3 ? "3.0" : "2.10");

/**
 * Settings that differ in a sandbox: its own context, the line of the Tempo program that is there, and a shorter wait
 * for the topology, so that nobody sits through three minutes to see Ollama in it.
 */
export async function sandboxSettings() {
  const line = lineOf(await versionAtHand(programNamed("tempo")));
  return { cluster: { context: sandboxContext }, tempo: { line, longestAnswer: "1m" } };
}

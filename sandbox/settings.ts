import type { Settings } from "../settings.ts";
import { versionAtHand } from "../tools/on-path.ts";
import { programNamed } from "../tools/programs.ts";
import { sandboxContext } from "./connection.ts";

/**
 * Settings that differ in a sandbox: its own context, the line of the Tempo program that is there, and a shorter wait
 * for the topology, so that nobody sits through three minutes to see Ollama in it.
 */
export async function sandboxSettings() {
  const [major] = await versionAtHand(programNamed("tempo"));
  const line: Settings["tempo"]["line"] = major >= 3 ? "3.0" : "2.10";
  return { cluster: { context: sandboxContext }, tempo: { line, longestAnswer: "1m" } };
}

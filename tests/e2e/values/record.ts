import { writeFileSync } from "node:fs";
import path from "node:path";
import { e2eFolder } from "../harness.ts";

let rows: string[][] = [];

/** Notes what a panel had to show and what it showed. */
export function record(panel: string, expected: string, found: string): void {
  rows.push([panel, expected, found]);
}

/** Lines of a graph in words, such as `litellm 0.53, open-webui 0.41`. */
export const inWords = (lines: Readonly<Record<string, number>>): string =>
  Object.entries(lines)
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([name, value]) => `${name} ${Number(value.toPrecision(5))}`.trim())
    .join(", ");

/** Writes what was noted since the last time into the folder of a cluster, as a Markdown table. */
export function writeRecord(cluster: string): void {
  writeTable(cluster, "panels.md", [["panel", "expected", "found"], ...rows]);
  rows = [];
}

/** Writes a Markdown table into the folder of a cluster. */
export function writeTable(cluster: string, file: string, [head, ...body]: readonly string[][]): void {
  const table = [head!, head!.map(() => "---"), ...body];
  const text = table.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
  writeFileSync(path.join(e2eFolder(cluster), file), `${text.join("\n")}\n`);
}

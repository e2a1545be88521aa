import { writeFileSync } from "node:fs";
import path from "node:path";
import { e2eFolder } from "../harness.ts";

const rows: string[][] = [];

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

/** Writes what was noted into the laboratory's folder, as a Markdown table. */
export function writeRecord(): void {
  const table = [["panel", "expected", "found"], ["---", "---", "---"], ...rows];
  const text = table.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
  writeFileSync(path.join(e2eFolder("values"), "panels.md"), `${text.join("\n")}\n`);
}

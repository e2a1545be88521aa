import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A PromQL query with the name of the place where it stands. */
export interface PlacedPromql {
  readonly place: string;
  readonly text: string;
}

/** Whether Prometheus's own checker is at hand. */
export const hasPromtool = (): boolean => spawnSync("promtool", ["--version"]).status === 0;

/** What promtool says about each of these queries, as rules of a file. */
export function promtoolProblems(queries: readonly PlacedPromql[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "promql-"));
  const file = join(folder, "rules.yaml");
  const rules = queries.map(({ text }, index) => ({ record: `gate:query:${index}`, expr: text }));
  try {
    writeFileSync(file, JSON.stringify({ groups: [{ name: "gate", rules }] }));
    const { status, stdout, stderr } = spawnSync("promtool", ["check", "rules", file], { encoding: "utf8" });
    const problems = [...(stdout + stderr).matchAll(/"gate:query:(\d+)": (.*)/g)].map(
      ([, index, message]) => `${queries[Number(index)]!.place}: promtool: ${message}`,
    );
    return status !== 0 && problems.length === 0 ? [`promtool: ${stdout}${stderr}`] : problems;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

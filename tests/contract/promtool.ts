import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promtoolAtHand } from "../../tools/prometheus.ts";

/** A PromQL query with the name of the place where it stands. */
export interface PlacedPromql {
  readonly place: string;
  readonly text: string;
}

/** Prometheus' own checker; where there is none, it skips in one line what wanted to ask it. */
export async function promtoolOrSkip(context: Mocha.Context): Promise<string> {
  const promtool = await promtoolAtHand();
  if (promtool !== undefined) return promtool;
  console.warn("      there is no promtool on PATH or in .tools: it is not asked");
  return context.skip();
}

/** What promtool says about each of these queries, as rules of a file. */
export function promtoolProblems(promtool: string, queries: readonly PlacedPromql[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "promql-"));
  const file = join(folder, "rules.yaml");
  const rules = queries.map(({ text }, index) => ({ record: `gate:query:${index}`, expr: text }));
  try {
    writeFileSync(file, JSON.stringify({ groups: [{ name: "gate", rules }] }));
    const { status, stdout, stderr } = spawnSync(promtool, ["check", "rules", file], { encoding: "utf8" });
    const problems = [...(stdout + stderr).matchAll(/"gate:query:(\d+)": (.*)/g)].map(
      ([, index, message]) => `${queries[Number(index)]!.place}: promtool: ${message}`,
    );
    return status !== 0 && problems.length === 0 ? [`promtool: ${stdout}${stderr}`] : problems;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

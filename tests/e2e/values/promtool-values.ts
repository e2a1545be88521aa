import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What promtool finds wrong with a query's answers to samples that are so far apart; nothing when they are as expected. */
export function problemsOf(
  promtool: string,
  interval: string,
  series: readonly object[],
  test: object,
): string {
  const folder = mkdtempSync(join(tmpdir(), "values-"));
  try {
    const file = join(folder, "tests.json");
    const tests = [{ interval, input_series: series, promql_expr_test: [test] }];
    writeFileSync(file, JSON.stringify({ rule_files: [], tests }));
    const { status, stdout, stderr } = spawnSync(promtool, ["test", "rules", file], { encoding: "utf8" });
    return status === 0 ? "" : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

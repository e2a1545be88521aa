import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promtoolOrSkip } from "../../contract/promtool.ts";

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

/** What each query of a panel answers, by labels. */
export type Answers = readonly Readonly<Record<string, number>>[];

/** A panel whose queries Prometheus is asked. */
interface Shown {
  readonly title: string;
  readonly queries: readonly { readonly text: string }[];
}

/** A test of a panel: each of its queries over five minutes, asked of samples every 30 s at the end of twenty. */
export function itShows(
  { title, queries }: Shown,
  samples: Readonly<Record<string, string>>,
  expected: Answers,
): void {
  it(`show ${title}`, async function () {
    const promtool = await promtoolOrSkip(this);
    assert.equal(queries.length, expected.length);
    queries.forEach(({ text }, index) => {
      const test = {
        expr: text.replaceAll("$interval", "5m"),
        eval_time: "20m",
        exp_samples: Object.entries(expected[index]!).map(([labels, value]) => ({ labels, value })),
      };
      const input = Object.entries(samples).map(([name, values]) => ({ series: name, values }));
      assert.equal(problemsOf(promtool, "30s", input, test), "", `query ${index}`);
    });
  });
}

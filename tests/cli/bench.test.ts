import assert from "node:assert/strict";
import { figureLines, quantile } from "../../cli/bench/figure.ts";
import { checkNothingDropped } from "../../cli/bench/load.ts";
import { startReport } from "../../cli/bench/report.ts";
import { rulesCost } from "../../cli/bench/rules.ts";
import { UserError } from "../../errors.ts";
import { quietLog } from "../../terminal/log.ts";
import { fakeStack } from "./smoke/fake-stack.ts";

describe("a figure of the benchmark", () => {
  for (const [what, figure, line] of [
    ["is the median of its runs, with their range", { values: [3, 1, 2] }, "  up  2.00 s  1.00 – 3.00"],
    ["has its goal beside it", { values: [1234.5], goal: "60 s" }, "  up  1235 s    60 s"],
  ] as const) {
    it(what, () => assert.deepEqual(figureLines([{ name: "up", unit: "s", ...figure }]), [line]));
  }

  it("is of a part of its values the one that so many are below", () => {
    const values = Array.from({ length: 40 }, (_, index) => 40 - index);
    assert.deepEqual(
      [0.5, 0.95].map((part) => quantile(values, part)),
      [21, 39],
    );
  });
});

describe("the benchmark", () => {
  const figure = (name: string) => Promise.resolve([{ name, values: [1], unit: "s" }]);
  let said: string[];
  const start = () => {
    said = [];
    return startReport({ ...quietLog, line: (...texts) => said.push(...texts) });
  };

  it("prints each figure when it is measured, and all of them at the end", async () => {
    const report = start();
    await report.measure("one", 5, () => figure("one"));
    assert.deepEqual(said, ["  one  1.00 s"]);
    await report.measure("two", 0, () => figure("two"));
    assert.deepEqual(said.slice(1), ["  two  1.00 s"]);
    report.finish();
    assert.deepEqual(said.slice(2), [
      "",
      "  FIGURE  MEDIAN  RANGE  GOAL",
      "  one     1.00 s",
      "  two     1.00 s",
    ]);
  });

  it("goes on after a measurement that fails, says why at once, and fails in the end", async () => {
    const report = start();
    const failing = () => Promise.reject(new Error("no answer"));
    assert.equal(await report.measure("one", 0, failing), undefined);
    assert.equal(await report.attempt("the load", 5, failing), undefined);
    await report.measure("two", 0, () => figure("two"));
    assert.deepEqual(said, ["  one: failed: no answer", "  the load: failed: no answer", "  two  1.00 s"]);
    assert.throws(
      () => report.finish(),
      (error) =>
        error instanceof UserError &&
        error.message.includes("2 measurements failed") &&
        error.message.includes("one; the load."),
    );
    assert.equal(said.at(-1), "  two     1.00 s");
  });

  it("says of a figure without a number that it could not be taken, and keeps the others", async () => {
    const report = start();
    await report.measure("three", 0, () =>
      Promise.resolve([
        { name: "one", values: [1, NaN], unit: "s" },
        { name: "two", values: [1], unit: "s" },
        { name: "none", values: [], unit: "s" },
      ]),
    );
    const because = "failed: there is nothing to take it from";
    assert.deepEqual(said, ["  two  1.00 s", `  one: ${because}`, `  none: ${because}`]);
    assert.throws(
      () => report.finish(),
      (error) => error instanceof UserError && error.message.includes("one; none."),
    );
    assert.equal(said.at(-1), "  two     1.00 s");
  });
});

describe("what the rules cost", () => {
  it("is the series that they add beside those that they watch, and the time of all their groups", async () => {
    const groups = [{ evaluationTime: 0.002 }, { evaluationTime: 0.005 }];
    const counts = (query: string) =>
      query.includes("ALERTS") ? "9" : query.includes("traces_") ? "474" : "0";
    const stack = await fakeStack({
      prometheus: ({ pathname, searchParams }) => ({
        body: {
          data:
            pathname === "/api/v1/rules"
              ? { groups }
              : { result: [{ metric: {}, value: [0, counts(searchParams.get("query")!)] }] },
        },
      }),
    });
    const figures = await rulesCost(stack.prometheus);
    stack.close();
    assert.deepEqual(
      figures.map(({ values: [value], unit }) => `${value} ${unit}`),
      ["474 series", "9 series", "7 ms"],
    );
  });
});

describe("the load of the benchmark", () => {
  const counter = "tempo_discarded_spans_total";
  const cases: [what: string, metrics: string, problem?: RegExp][] = [
    ["is whole where Tempo lists no reason", "tempo_build_info 1\n"],
    ["is whole where Tempo lists reasons with 0", `${counter}{reason="rate_limited",tenant="t"} 0\n`],
    [
      "is told by reason, over all tenants and whatever comes first, where Tempo dropped spans",
      `${counter}{reason="rate_limited",tenant="t"} 0\n` +
        `${counter}{reason="live_traces_exceeded",tenant="t"} 12\n` +
        `${counter}{reason="live_traces_exceeded",tenant="u"} 30\n`,
      /^Tempo dropped spans, 42 for live_traces_exceeded: /,
    ],
    ["is unknown where what answers is not Tempo", "go_goroutines 1\n", /does not tell/],
  ];
  for (const [what, metrics, problem] of cases) {
    it(what, () => {
      if (problem) assert.throws(() => checkNothingDropped(metrics), { name: "UserError", message: problem });
      else checkNothingDropped(metrics);
    });
  }
});

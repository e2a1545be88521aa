import assert from "node:assert/strict";
import { generator, type HistogramForm } from "../../telemetry/generator.ts";
import { contractOf } from "./contract.ts";
import { rightNativePromql, rightPromql, rightTraceql } from "./corpus/right.ts";
import * as wrong from "./corpus/wrong.ts";
import { gate } from "./gate.ts";
import { promtoolOrSkip, promtoolProblems } from "./promtool.ts";
import type { PlacedQuery } from "./targets.ts";

const contracts = {
  classic: contractOf(generator({ openWebui: "open-webui", litellm: "litellm" })),
  native: contractOf(generator({ openWebui: "open-webui", litellm: "litellm" }, "native")),
};
const place = "here";

const problems = (query: Omit<PlacedQuery, "place">, form: HistogramForm = "classic"): string[] =>
  gate([{ place, ...query }], { contract: contracts[form], logStream: "default" });

const refusesAll = (
  queries: readonly wrong.WrongQuery[],
  site: Omit<PlacedQuery, "place" | "text">,
  form?: HistogramForm,
): void => {
  for (const { text, because } of queries) {
    it(text || "nothing at all", () => {
      const found = problems({ ...site, text }, form);
      for (const reason of because) {
        assert.ok(
          found.some((line) => line.startsWith(`${place}: `) && line.includes(reason)),
          `wanted "${reason}" in ${JSON.stringify(found)}`,
        );
      }
    });
  }
};

describe("the gate on TraceQL", () => {
  describe("refuses what was once published for this dashboard, all of it", () => {
    refusesAll(wrong.publishedTraceql, { language: "traceql" });
  });
  describe("refuses what Tempo refuses", () => {
    refusesAll(wrong.refusedTraceql, { language: "traceql" });
  });
  describe("refuses what Tempo takes and never finds", () => {
    refusesAll(wrong.pointlessTraceql, { language: "traceql" });
  });
  describe("refuses a table of any traces instead of the newest", () => {
    refusesAll(wrong.unorderedTraceql, { language: "traceql", newest: true });
  });
  describe("takes", () => {
    for (const text of rightTraceql) {
      it(text, () => assert.deepEqual(problems({ language: "traceql", text }), []));
    }
    it("metrics in a dashboard without most_recent", () =>
      assert.deepEqual(problems({ language: "traceql", text: "{ } | rate()", newest: true }), []));
  });
});

describe("the gate on PromQL", () => {
  describe("refuses what Prometheus refuses", () => {
    refusesAll(wrong.refusedPromql, { language: "promql" });
  });
  describe("refuses what Prometheus takes and answers with nothing or nonsense", () => {
    refusesAll(wrong.pointlessPromql, { language: "promql" });
  });
  describe("refuses a threshold that the histogram cannot tell apart", () => {
    refusesAll(wrong.blindPromql, { language: "promql" });
  });
  describe("takes", () => {
    for (const text of rightPromql) {
      it(text, () => assert.deepEqual(problems({ language: "promql", text }), []));
    }
  });

  describe("where histograms are native", () => {
    describe("refuses what Prometheus answers with nothing or nonsense", () => {
      refusesAll(wrong.pointlessNativePromql, { language: "promql" }, "native");
    });
    describe("takes", () => {
      for (const text of rightNativePromql) {
        it(text, () => assert.deepEqual(problems({ language: "promql", text }, "native"), []));
      }
    });
  });

  describe("on legends", () => {
    const text = "sum by (service) (rate(traces_spanmetrics_calls_total[5m]))";
    it("refuses a label that the answer does not have", () =>
      assert.deepEqual(problems({ language: "promql", text, legend: "{{service}} {{span_kind}}" }), [
        "here: the legend names the label span_kind, which its series do not have",
      ]));
    it("takes a label that the answer has", () =>
      assert.deepEqual(problems({ language: "promql", text, legend: "{{ service }}" }), []));
    it("refuses le after a quantile", () =>
      assert.equal(
        problems({
          language: "promql",
          text: "histogram_quantile(0.5, rate(traces_spanmetrics_latency_bucket[5m]))",
          legend: "{{le}}",
        }).length,
        1,
      ));
  });

  describe("on metrics that are not made from traces", () => {
    const text = "sum by (instance) (rate(node_cpu_seconds_total[5m]))";
    it("refuses them in our own queries", () =>
      assert.match(problems({ language: "promql", text })[0]!, /node_cpu_seconds_total does not exist/));
    it("takes them in an exported dashboard", () =>
      assert.deepEqual(problems({ language: "promql", text, otherMetrics: true }), []));
    it("refuses a metric of traces that does not exist even there", () =>
      assert.match(
        problems({ language: "promql", text: "rate(traces_calls_total[5m])", otherMetrics: true })[0]!,
        /traces_calls_total does not exist/,
      ));
  });

  describe("and Prometheus's own checker agree", () => {
    let promtool: string;
    before(async function () {
      promtool = await promtoolOrSkip(this);
    });
    it("on what is right", () =>
      assert.deepEqual(
        promtoolProblems(
          promtool,
          [...rightPromql, ...rightNativePromql].map((text) => ({ place: text, text })),
        ),
        [],
      ));
    it("on what Prometheus refuses", () => {
      const refused = wrong.refusedPromql.map(({ text }) => ({ place: text, text }));
      const silent = refused.filter((query) => promtoolProblems(promtool, [query]).length === 0);
      assert.deepEqual(silent, []);
    });
  });
});

describe("the gate on SQL for logs", () => {
  const sql = (condition: string) => `SELECT body FROM "default" WHERE ${condition} ORDER BY _timestamp`;
  it("refuses a whole id where a search gave it", () =>
    assert.deepEqual(problems({ language: "sql", text: sql("trace_id = 'a1'"), foundId: true }), [
      "here: searches drop leading zeros of trace ids: match the end, trace_id LIKE '%…'",
    ]));
  it("refuses a pattern that fixes the beginning", () =>
    assert.equal(problems({ language: "sql", text: sql("trace_id LIKE 'a1%'"), foundId: true }).length, 1));
  it("takes the end of an id", () =>
    assert.deepEqual(problems({ language: "sql", text: sql("trace_id LIKE '%a1'"), foundId: true }), []));
  it("takes a whole id where a trace gave it", () =>
    assert.deepEqual(problems({ language: "sql", text: sql("trace_id = 'a1'") }), []));
  it("refuses another stream", () =>
    assert.deepEqual(problems({ language: "sql", text: sql("trace_id = 'a1'").replace("default", "logs") }), [
      "here: reads the stream logs; logs are in default",
    ]));
  it("refuses a query for all logs", () =>
    assert.deepEqual(problems({ language: "sql", text: sql("1 = 1") }), ["here: asks for no trace_id"]));
});

import assert from "node:assert/strict";
import { environments } from "../../engine/stack-files.ts";
import { attributes as known } from "../../telemetry/attributes.ts";
import type { Generator } from "../../telemetry/generator.ts";
import { label } from "../../telemetry/metrics.ts";
import { ruleOf } from "../../telemetry/privacy.ts";
import { contractOf, type Contract } from "./contract.ts";
import { distributedProduct } from "./distributed.ts";
import { gate } from "./gate.ts";
import { documentQueries, productOf, productQueries, settingsOf } from "./product.ts";
import { promtoolOrSkip, promtoolProblems } from "./promtool.ts";

const dev = productOf(settingsOf("dev"));
const devQueries = productQueries(dev);

const judge = (contract: Contract): string[] => gate(devQueries, { contract, logStream: dev.logStream });

const judgeWith = (changed: Partial<Generator>): string[] =>
  judge(contractOf({ ...dev.generator, ...changed }));

const native = { prometheus: { nativeHistograms: true } };

const without = (dimension: string): Partial<Generator> => ({
  dimensions: dev.generator.dimensions.filter((name) => name !== dimension),
});

/** What goes with each mode. */
const privacySections = {
  strict: {},
  identities: { saltSecret: { name: "salt" } },
  off: { reason: "a test" },
};

/** Attributes of the contract that are deleted. */
const goneIn = (mode: string): string[] =>
  Object.values(known)
    .map(({ name }) => name)
    .filter(
      (name) =>
        mode !== "off" && (ruleOf(name) === "delete" || (mode === "strict" && ruleOf(name) === "hash")),
    );

describe("every query of the product", () => {
  for (const environment of environments()) {
    it(`is right in ${environment}`, () => {
      const product = productOf(settingsOf(environment));
      assert.deepEqual(
        gate(productQueries(product), {
          contract: contractOf(product.generator),
          logStream: product.logStream,
        }),
        [],
      );
    });
  }

  it("is right for other service names, another stream and another threshold", () => {
    const product = productOf(
      settingsOf("dev", {
        applications: { services: { openWebui: 'web.ui "2"', litellm: "llm-proxy" }, slowRequest: "30s" },
        openobserve: { stream: "app_logs" },
      }),
    );
    assert.deepEqual(
      gate(productQueries(product), { contract: contractOf(product.generator), logStream: "app_logs" }),
      [],
    );
  });

  it("is right for a distributed Tempo, and for promtool", async function () {
    const product = distributedProduct();
    const queries = productQueries(product);
    assert.deepEqual(
      gate(queries, { contract: contractOf(product.generator), logStream: product.logStream }),
      [],
    );
    assert.deepEqual(
      queries.filter(({ text }) => text.includes("tempo-0")).map(({ place }) => place),
      [],
    );
    const promtool = await promtoolOrSkip(this);
    assert.deepEqual(
      promtoolProblems(
        promtool,
        queries.filter(({ language }) => language === "promql"),
      ),
      [],
    );
  });

  it("is right for native histograms, and for promtool", async function () {
    const product = productOf(settingsOf("dev", native));
    const queries = productQueries(product);
    assert.deepEqual(gate(queries, { contract: contractOf(product.generator), logStream: "default" }), []);
    const promtool = await promtoolOrSkip(this);
    assert.deepEqual(
      promtoolProblems(
        promtool,
        queries.filter(({ language }) => language === "promql"),
      ),
      [],
    );
  });

  for (const [form, other] of [
    ["classic", "native"],
    ["native", "classic"],
  ] as const) {
    it(`is refused where it asks for ${form} histograms of a Tempo that makes ${other} ones`, () => {
      const asking = productOf(settingsOf("dev", form === "native" ? native : {}));
      const contract = contractOf({ ...asking.generator, histograms: other });
      const refused = new Set(
        gate(productQueries(asking), { contract, logStream: "default" }).map((line) => line.split(": ")[0]!),
      );
      for (const place of [
        "signal latencyPercentiles",
        "LLM Request Tracing › LiteLLM Latency Percentiles",
        "rule environment:llm_answers_slow",
        "rule LLMModelSlow",
      ]) {
        assert.ok(
          [...refused].some((each) => each.startsWith(place)),
          place,
        );
      }
      assert.ok(!refused.has("signal requestRate"));
    });
  }

  for (const [mode, more] of Object.entries(privacySections)) {
    it(`is right with privacy.mode ${mode}, and asks for nothing that is taken out then`, () => {
      const product = productOf(settingsOf("dev", { privacy: { mode, ...more } }));
      const queries = productQueries(product);
      const options = { contract: contractOf(product.generator), logStream: product.logStream };
      assert.deepEqual(gate(queries, options), []);
      const gone = goneIn(mode);
      assert.deepEqual(
        queries
          .filter(({ text }) => gone.some((name) => text.includes(`.${name}`)))
          .map(({ place }) => place),
        [],
      );
      assert.equal(
        queries.some(({ text }) => text.includes("$user")),
        false,
      );
      assert.equal(
        queries.some(({ text }) => text.includes(known.userId.name)),
        mode !== "strict",
      );
    });
  }

  it("is right in README and docs", () => {
    const options = { contract: contractOf(dev.generator), logStream: dev.logStream };
    assert.deepEqual(gate(documentQueries(), options), []);
  });

  it("is right for promtool", async function () {
    const promtool = await promtoolOrSkip(this);
    const promql = [...devQueries, ...documentQueries()].filter(({ language }) => language === "promql");
    assert.deepEqual(promtoolProblems(promtool, promql), []);
  });

  it("is found where it stands: signals, panels, closed rows, links, annotations, rules, data sources, docs", () => {
    const places = new Set(
      [...devQueries, ...documentQueries()].map(({ place }) => place.replace(/:\d+$/, "")),
    );
    for (const place of [
      "signal errorRate",
      "LLM Request Tracing › Error Rate (5xx)",
      "LLM Trace › Logs of the trace",
      "LLM Request Tracing › Recent Traces › link Logs of the trace in Explore",
      "LLM Request Tracing › annotation Alert",
      "Tracing Health › Spans received",
      "rule environment:llm_answers_failed:rate5m",
      "rule environment:llm_streams_late:rate5m",
      "rule LLMErrorBudgetBurn",
      "rule LLMFirstTokenBudgetBurn",
      "LLM Request Tracing › Objectives › First token budget left",
      "rule TempoDown",
      "data source Tempo › Request rate",
      "data source Tempo › Logs for this span",
      "data source Tempo › Logs for this trace",
      "docs/guide.md",
    ]) {
      assert.ok(places.has(place), place);
    }
  });
});

describe("a generator that makes less", () => {
  const cases = [
    [known.httpRoute, "LLM Request Tracing › LiteLLM Latency Percentiles"],
    [known.httpStatusCode, "LLM Request Tracing › Error Rate (5xx)"],
    [known.providerModel, "LLM Request Tracing › Models › p95 by model"],
    [known.providerModel, "rule LLMModelFailing"],
    [known.errorType, "LLM Request Tracing › Errors › Failed calls by class of error"],
  ] as const;
  for (const [{ name }, place] of cases) {
    it(`without ${name} fails at ${place}, and only where the label is asked for`, () => {
      const problems = judgeWith(without(name));
      assert.ok(
        problems.some((line) => line.startsWith(`${place}: `)),
        problems.join("\n"),
      );
      assert.deepEqual(
        problems.filter((line) => !line.includes(label(name))),
        [],
      );
    });
  }

  it("fails at every place that asks for a metric it no longer makes", () => {
    const { attributes, metrics } = contractOf(dev.generator);
    const problems = judge({
      attributes,
      metrics: metrics.filter(({ name }) => name !== "traces_service_graph_request_failed_total"),
    });
    assert.deepEqual(problems, [
      "signal edgeErrors: the metric traces_service_graph_request_failed_total does not exist: the contract has none of that name",
      "LLM Request Tracing › Service graph › Failed calls between services: the metric traces_service_graph_request_failed_total does not exist: the contract has none of that name",
    ]);
  });

  it("fails at every place that asks for a label of the service", () => {
    const { attributes, metrics } = contractOf(dev.generator);
    const problems = judge({
      attributes,
      metrics: metrics.map((metric) => ({
        ...metric,
        labels: metric.labels.filter((each) => each !== "service"),
      })),
    });
    assert.ok(
      problems.some((line) =>
        line.startsWith("LLM Request Tracing › Request Rate: sum by names the label service"),
      ),
    );
    assert.ok(problems.some((line) => line.startsWith('data source Tempo › Request rate: service="sample"')));
  });

  it("fails at every place that asks for an attribute nobody writes", () => {
    const { attributes, metrics } = contractOf(dev.generator);
    const problems = judge({
      attributes: attributes.filter(({ name }) => name !== known.costTotal.name),
      metrics,
    });
    assert.ok(
      problems.includes(
        `LLM Request Tracing › Cost: span.${known.costTotal.name} is an attribute that nobody writes (telemetry/attributes.ts has no ${known.costTotal.name})`,
      ),
      problems.join("\n"),
    );
  });
});

import assert from "node:assert/strict";
import { ruleOptions } from "../../assembly/wiring.ts";
import { evaluatedGroups } from "../../clients/prometheus.ts";
import { waitFor } from "../../clients/wait.ts";
import { startGuard, type Guard } from "../../processes/guard.ts";
import { backendPrograms } from "../../sandbox/trace-backends.ts";
import { nativeFactor } from "../../telemetry/generator.ts";
import { metrics, names, seriesNames } from "../../telemetry/metrics.ts";
import { recorded, recordings } from "../../telemetry/recordings.ts";
import { objectiveQueries } from "../../telemetry/signals/objectives.ts";
import { operationQueries } from "../../telemetry/signals/operation.ts";
import { answerRequests, durations, modelCalls } from "../../traffic/expected.ts";
import { isRefused, type TracedSpan } from "../../traffic/span.ts";
import { attributes as known } from "../../telemetry/attributes.ts";
import { productOf, settingsOf } from "../contract/product.ts";
import { toolsOrSkip } from "./harness.ts";
import { startPair } from "./native/pair.ts";
import { sandboxLine } from "./tempo-lines.ts";
import { agree, isClose } from "./values/agreement.ts";
import { atTheEnd, describeGraphs, lines } from "./values/graphs.ts";
import { exemplarTraceIds, instant, number, seriesCount } from "./values/measure.ts";
import { panelsWith, type Counted } from "./values/prometheus-panels.ts";
import { countTraffic, type ScrapedRun } from "./values/run.ts";
import { isOld } from "./values/health.ts";
import { describeEdges } from "./values/topology.ts";

/** Between two bounds of the classic histogram; no request of the traffic takes as long as that to 9 %. */
const underSeconds = 27;

const settings = settingsOf("dev", {
  prometheus: { nativeHistograms: true },
  tempo: { line: sandboxLine, longestAnswer: "30s" },
  slo: { latency: { under: `${underSeconds}s` } },
});
const { signals, generator } = productOf(settings);

const isServed = (span: TracedSpan): boolean => !isRefused(span);

/** The duration that a share of the requests did not exceed. */
const exactQuantile = (quantile: number, values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(quantile * values.length - 1e-9) - 1]!;

const panels = panelsWith(exactQuantile);

/** Requests by the bound of the bucket that holds them: each is 2^(1/8) times the one below. */
function latencyHeatmap({ traces, seconds }: Counted) {
  const bounds = durations(answerRequests(traces).filter(isServed)).map((duration) =>
    boundText(2 ** (Math.ceil(8 * Math.log2(duration)) / 8)),
  );
  return Object.fromEntries(
    Object.entries(Object.groupBy(bounds, (bound) => bound)).map(([bound, all]) => [
      bound,
      all!.length / seconds,
    ]),
  );
}

const boundText = (bound: number): string => bound.toPrecision(8);

/** A real Tempo that makes native histograms, and a real Prometheus that takes them. */
describe(`native histograms, with Tempo ${sandboxLine}`, () => {
  let guard: Guard | undefined;
  let run: ScrapedRun;

  before(async function () {
    guard = startGuard();
    const tools = await toolsOrSkip(this, guard, backendPrograms);
    run = await countTraffic(await startPair(settings, guard, tools));
  });

  after(() => guard?.stop());

  const ask = async (query: string) =>
    (await instant(run.backends.prometheus, query, run.window[1]))[0]?.value;
  /** A query with its windows as long as the count. */
  const exactly = (query: string): string =>
    query.replace(/\[\w+\]/g, `[${atTheEnd(run.window).variables["interval"]}]`);

  describe("show quantiles to 9 %, and sums and counts exactly", () =>
    describeGraphs(() => run, {
      signals,
      resolution: nativeFactor - 1,
      panels: {
        slowestNow: panels.slowestNow,
        latencyPercentiles: panels.latencyPercentiles,
        inFlight: panels.inFlight,
        edgeDuration: panels.edgeDuration,
        timeSplit: panels.timeSplit,
        databaseShare: panels.databaseShare,
        modelLatency: panels.modelLatency,
        modelComparison: panels.modelComparison,
      },
    }));

  describe("tell the topology", () => describeEdges(() => run, "native"));

  it("show in the heatmap how many requests are in each bucket", async () => {
    const found = await lines(signals.latencyHeatmap.queries[0], run.backends, atTheEnd(run.window));
    agree(
      Object.fromEntries(Object.entries(found).map(([bound, count]) => [boundText(Number(bound)), count])),
      latencyHeatmap({ traces: run.counted, seconds: run.window[1] - run.window[0] }),
    );
  });

  describe("tell what took longer than a threshold between the classic bounds", () => {
    const slow = (spans: readonly TracedSpan[]) =>
      durations(spans).filter((each) => each > underSeconds).length;
    const rules = recordings(ruleOptions(settings));
    const rule = (name: string) => rules.find((each) => each.name === name)!.text;

    it("of the requests for an answer", async () => {
      const served = answerRequests(run.counted).filter(isServed);
      assert.ok(slow(served) > 0 && slow(served) < served.length);
      const found = (await ask(exactly(rule(recorded.slow))))! / (await ask(exactly(rule(recorded.served))))!;
      assert.ok(isClose(found, slow(served) / served.length), `${found}`);
    });

    it("of each model's calls", async () => {
      const query = exactly(objectiveQueries(ruleOptions(settings)).modelSlow);
      const found = await instant(run.backends.prometheus, query, run.window[1]);
      const calls = Object.groupBy(modelCalls(run.counted), ({ attributes }) =>
        String(attributes[known.providerModel.name]),
      );
      const expected = Object.entries(calls).map(
        ([model, all]) => [model, slow(all!) / all!.length] as const,
      );
      const byModel = found.map(({ labels, value }) => [Object.values(labels)[0]!, value] as const);
      agree(
        Object.fromEntries(byModel.filter(([, value]) => !Number.isNaN(value))),
        Object.fromEntries(expected),
      );
    });

    it("as 0, and not as no number, while nothing happens", async () => {
      const { prometheus } = run.backends;
      const idle = rule(recorded.slow).replaceAll("[5m]", "[40s]");
      await waitFor("40 s in which nothing is counted", 90, async () => {
        const served = rule(recorded.served).replaceAll("[5m]", "[40s]");
        return (await instant(prometheus, served))[0]?.value === 0;
      });
      assert.deepEqual(
        (await instant(prometheus, idle)).map(({ value }) => value),
        [0],
      );
    });
  });

  it("are what every rule and alert is evaluated with, without an error", async () => {
    const groups = await waitFor("the rules to be evaluated", 60, async () => {
      const all = await evaluatedGroups(run.backends.prometheus, 10);
      return all.every(({ lastEvaluation }) => !lastEvaluation.startsWith("0001")) && all;
    });
    const rules = groups.flatMap(
      (group) => group.rules as readonly { name: string; health: string; lastError?: string }[],
    );
    assert.ok(rules.length > 20);
    assert.deepEqual(
      rules.filter(({ health }) => health !== "ok"),
      [],
    );
  });

  it("carry exemplars, by which a panel's point opens a trace", async function () {
    // Until 2.8 Tempo keeps none in a native histogram.
    if (isOld) return this.skip();
    const { text } = signals.latencyPercentiles.queries[1]!;
    const query = text.replaceAll("$interval", "5m").replaceAll("$environment", "dev");
    const now = Date.now() / 1000;
    const found = await exemplarTraceIds(run.backends.prometheus, query, [run.window[0], now]);
    const sent = new Set(run.sent.map(({ trace }) => trace.id));
    assert.ok(found.length > 10, `${found.length} exemplars`);
    assert.deepEqual(
      found.filter((id) => !sent.has(id.padStart(32, "0"))),
      [],
    );
  });

  it("are one series each, and nothing else is made of them", async () => {
    const { prometheus } = run.backends;
    const spans = await number(prometheus, `count(${names.calls})`);
    const edges = await number(prometheus, `count(${names.edges})`);
    assert.equal(await number(prometheus, `count(${names.latency})`), spans);
    assert.equal(await number(prometheus, `count(${names.edgeClientSeconds})`), edges);
    const contract = await Promise.all(
      metrics(generator)
        .flatMap(seriesNames)
        .map((name) => number(prometheus, `count(${name})`)),
    );
    const all = await seriesCount(prometheus);
    console.log(`        series: ${all}, of ${spans} kinds of spans and ${edges} of calls`);
    assert.equal(
      contract.reduce((sum, count) => sum + count),
      all,
    );
  });

  it("are what Tempo's own durations are scraped as: questions are counted all the same", async () => {
    const [before, after] = run.scrapes;
    const window = `${Math.round(1000 * (after.at - before.at)) + 1}ms`;
    const asked = (scrape: typeof before) =>
      scrape.samples
        .filter(
          ({ name, labels }) =>
            name === "tempo_request_duration_seconds_count" && labels["route"]!.startsWith("api_"),
        )
        .reduce((sum, { value }) => sum + value, 0);
    const queries = operationQueries(ruleOptions(settings));
    const found = async (query: string) =>
      (await instant(run.backends.prometheus, query, after.at)).map(({ value }) => value);
    const [count] = await found(queries.asked(window));
    assert.ok(asked(after) > asked(before));
    assert.ok(isClose(count!, asked(after) - asked(before)), `${count}`);
    assert.deepEqual(await found(queries.queriesFailed(window)), [0]);
    // Before 3.0 Tempo shows this one in the classic form alone.
    if (sandboxLine === "3.0") assert.deepEqual(await found("tempo_request_duration_seconds_count"), []);
  });
});

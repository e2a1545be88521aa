import assert from "node:assert/strict";
import { attributes as known } from "../../telemetry/attributes.ts";
import { backendPrograms } from "../../sandbox/trace-backends.ts";
import { changes } from "../../traffic/compare.ts";
import { requests } from "../../traffic/expected.ts";
import { providerModel } from "../../traffic/live/models.ts";
import type { Recorded } from "../../traffic/recorded.ts";
import { openTestCluster, skipWithout, type TestCluster } from "./harness.ts";
import { effects } from "./live/effects.ts";
import { foundEffect, inOneLine, tracesOf } from "./live/found.ts";
import { runLive, straight, type LiveRun } from "./live/run.ts";
import { describeLiveTables } from "./live/tables.ts";
import { describeGraphs } from "./values/graphs.ts";
import { describeGraphsOverTime, describeTotals } from "./values/over-time-panels.ts";
import { writeRecord, writeTable } from "./values/record.ts";
import { deploy } from "./values/run.ts";
import { describeEdges } from "./values/topology.ts";

describe("the real applications", () => {
  let cluster: TestCluster | undefined;
  let run: LiveRun;

  before(async function () {
    cluster = await openTestCluster(this, "live", backendPrograms);
    await deploy(cluster, "30s", straight);
    const backends = await cluster.startBackends("deployed");
    run = await skipWithout(this, () => runLive(cluster!, backends));
  });

  after(async () => {
    if (!cluster) return;
    if (run) writeCases(run);
    writeRecord("live");
    await cluster.close();
  });

  describe("leave what was done with them", () => {
    for (const [name, effect] of Object.entries(effects)) {
      it(`in the case ${name}`, () => {
        const application = run.recordings.litellm.some((each) => each.name === name)
          ? "litellm"
          : "openWebui";
        const found = run.recordings[application].find((each) => each.name === name)!;
        assert.deepEqual(foundEffect(found.spans), sorted(effect));
      });
    }

    it("in every case, and no other", () => {
      const { litellm, openWebui } = run.recordings;
      const driven = [...litellm, ...openWebui].map(({ name }) => name).filter((name) => name !== "idle");
      assert.deepEqual(Object.keys(effects).sort(), driven.sort());
    });

    it("at the front door: what failed there is what was told to fail", () => {
      for (const { case: name, door, status, brokeOff } of run.visits.filter(
        (visit) => effects[visit.case],
      )) {
        if (door !== "litellm") continue;
        const [request] = effects[name]!.requests;
        if (request) assert.equal(status, request.code, name);
        assert.equal(brokeOff, false, name);
      }
    });

    it("as long as the models took, and no longer than those who asked have waited", () => {
      for (const { case: name, door, seconds } of run.visits) {
        const recorded = run.recordings.litellm.find((each) => each.name === name);
        if (door !== "litellm" || !recorded) continue;
        for (const { start, end } of requests(tracesOf(recorded.spans))) {
          assert.ok(end - start <= seconds + 0.05, `${name}: ${end - start} s of ${seconds} s`);
          const model = effects[name]!.calls.filter(
            ({ error, outputTokens }) => !error && outputTokens === 4,
          );
          assert.ok(end - start >= model.length * 0.5, `${name}: ${end - start} s`);
        }
      }
    });

    it("once each by LiteLLM's tracing v1 as well", () => {
      const asked = run.visits.filter(({ door }) => door === "litellmV1").length;
      const traces = run.recordings.litellmV1.flatMap(({ spans }) => tracesOf(spans));
      assert.equal(requests(traces).length, asked);
    });
  });

  it("are quiet while nobody asks them", () => {
    const { counted, window } = run;
    const polls = counted.filter(({ spans }) => spans[0]!.name === "connect").length;
    const perMinute = (60 * polls) / (window[1] - window[0]);
    // Its start is among it. Without our settings there are 90 a minute.
    assert.ok(polls > 0 && perMinute < 45, `${perMinute} polls of the database a minute`);
  });

  it("send what is recorded of them", () => {
    const told = (Object.keys(run.recordings) as Recorded[]).flatMap((application) =>
      changes(application, run.recordings[application]).flatMap((each) => each.told),
    );
    assert.deepEqual(told, []);
  });

  describe("fill the graphs of the dashboard", () => describeGraphs(() => run));
  describe("fill its graphs of Tempo's own metrics", () => describeGraphsOverTime(() => run));
  describe("fill its numbers for the whole time range", () => describeTotals(() => run));
  describe("fill its topology", () => describeEdges(() => run));
  describe("fill its tables", () => describeLiveTables(() => run));

  it("are told apart from what nobody asked of them", () => {
    const models = new Set(Object.values(effects).flatMap(({ calls }) => calls.map(({ model }) => model)));
    assert.ok(models.has(providerModel("llama3.1")));
    const named = run.counted.flatMap(({ spans }) =>
      spans.flatMap(({ attributes }) => String(attributes[known.requestModel.name] ?? [])),
    );
    assert.ok(named.includes("nope") && !models.has("nope"));
  });
});

const sorted = ({ requests: ofRequests, calls }: (typeof effects)[string]) => ({
  requests: ofRequests.map(inOneLine).sort(),
  calls: calls.map(inOneLine).sort(),
});

/** Cases, what they had to leave in the panels and what they left. */
function writeCases({ recordings }: LiveRun): void {
  const rows = [...recordings.litellm, ...recordings.openWebui]
    .filter(({ name }) => effects[name])
    .map(({ name, spans }) => {
      const [expected, found] = [sorted(effects[name]!), foundEffect(spans)];
      const words = ({ requests: r, calls }: typeof found) => [
        r.join("; ") || "none",
        calls.join("; ") || "none",
      ];
      return [name, ...words(expected), ...words(found)];
    });
  const head = ["case", "LiteLLM's requests", "model calls", "found: requests", "found: model calls"];
  writeTable("live", "cases.md", [head, ...rows]);
}

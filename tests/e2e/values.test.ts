import { expectedPanels, firstTokenPanels } from "./application-metrics/panels.ts";
import assert from "node:assert/strict";
import { backendPrograms } from "../../sandbox/trace-backends.ts";
import { openTestCluster } from "./harness.ts";
import type { TestCluster } from "./harness.ts";
import { defaultLine, itIsSkippedWithout, sandboxLine } from "./tempo-lines.ts";
import { describeBackends } from "./values/backends.ts";
import { describeDocuments } from "./values/documents.ts";
import { describeGraphs } from "./values/graphs.ts";
import { describeComparison, describeExclusions } from "./values/negatives.ts";
import { describeHealth, healthPanels, volumePanels } from "./values/health.ts";
import { describeObjectives, objectivePanels } from "./values/objectives.ts";
import { collectorPanels, describeCollector } from "./values/collector.ts";
import { describeRoles, rolePanels, signals as distributedSignals } from "./values/roles.ts";
import { describeVolume } from "./values/volume.ts";
import { describeOwnMetrics } from "./values/own-metrics.ts";
import { describeGraphsOverTime, describeTotals } from "./values/over-time-panels.ts";
import { signals } from "./values/product.ts";
import { prometheusPanels } from "./values/prometheus-panels.ts";
import { writeRecord } from "./values/record.ts";
import { countTraffic, deploy } from "./values/run.ts";
import type { ScrapedRun } from "./values/run.ts";
import { describeTables } from "./values/tables.ts";
import { tempoPanels, totalPanels, userPanels } from "./values/tempo-panels.ts";
import { describeTopology } from "./values/topology.ts";
import { compare, deployDefaults } from "./values/variations.ts";
import type { Comparison } from "./values/variations.ts";

describe(`values of real traces, with Tempo ${sandboxLine}`, () => {
  let cluster: TestCluster | undefined;
  let run: ScrapedRun;
  let comparison: Comparison;

  before(async function () {
    cluster = await openTestCluster(this, "values", backendPrograms);
    // So that panels by user are computed of the ids that were sent; what other modes leave: tests/e2e/privacy.test.ts.
    await deploy(cluster, "30s", { privacy: { mode: "off", reason: "to compute panels by user" } });
    const deployed = await cluster.startBackends("deployed");
    const running = countTraffic(deployed);
    const comparing = startOthers(cluster).then(([ours, defaults]) => compare(ours, defaults));
    [run, comparison] = await Promise.all([running, comparing]);
  });

  after(async () => {
    if (!cluster) return;
    writeRecord("values");
    await cluster.close();
  });

  describe("in the graphs of the dashboard", () => describeGraphs(() => run));
  describe("in its graphs of Tempo's own metrics", () => describeGraphsOverTime(() => run));
  describe("in its numbers for the whole time range", () => describeTotals(() => run));
  describe("in its topology", () => describeTopology(() => run));
  describe("in its tables", () => describeTables(() => run));
  describe("in queries of README and docs", () => describeDocuments(() => run));
  describe("left out", () => describeExclusions(() => run));
  describe("in Tempo's metrics of itself", () => describeOwnMetrics(() => run));
  describe("in the dashboard Tracing Health", () => describeHealth(() => run));
  describe("in its graphs of the volume, of which kubelet tells and there is none here", () =>
    describeVolume());
  describe("in its graphs of the collector, of one that refuses, waits and loses", () => describeCollector());
  describe("in the dashboard Tracing Health of a distributed Tempo, of fourteen pods of which some fail", () =>
    describeRoles());
  describe("with other settings", () => describeComparison(() => comparison));

  it("are computed by hand for every question but the logs", () => {
    const panels = {
      ...prometheusPanels,
      ...tempoPanels,
      ...totalPanels,
      ...userPanels,
      ...objectivePanels,
      ...healthPanels,
      ...volumePanels,
      ...collectorPanels,
      ...rolePanels,
      // Of tests/e2e/application-metrics.test.ts.
      ...expectedPanels("classic"),
      ...firstTokenPanels({ target: 95, underSeconds: 10 }),
    };
    const others = ["topology", "requestRateOfSpan", "slowRequests", "recentTraces", "modelCalls", "trace"];
    assert.deepEqual(
      [...Object.keys(panels), ...others, "traceLogs"].sort(),
      Object.keys({ ...signals, ...distributedSignals }).sort(),
    );
  });

  // Late, since their windows reach over five minutes.
  describe("in the row Objectives", () => describeObjectives(() => run));

  describe("Tempo and Prometheus", () => describeBackends(() => cluster!));

  itIsSkippedWithout(defaultLine, new Set([sandboxLine]));
});

/** A Tempo that waits 10 s for the second half of a call, and one whose generator has no settings. */
async function startOthers(cluster: TestCluster) {
  await deploy(cluster, "10s", { slo: { latency: { under: "10s" } } });
  const ours = await cluster.startBackends("impatient");
  await deployDefaults(cluster);
  return [ours, await cluster.startBackends("defaults")] as const;
}

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { attributes, traceql } from "../../telemetry/attributes.ts";
import { labels, names } from "../../telemetry/metrics.ts";
import { exportTimeoutSeconds } from "../../assembly/application-env.ts";
import { search } from "../../clients/tempo.ts";
import { backendPrograms, type Backends } from "../../sandbox/trace-backends.ts";
import { waitFor } from "../../clients/wait.ts";
import { batchSeconds, jitter, triesAt } from "../../traffic/exporter.ts";
import { searchId } from "../../traffic/expected.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";
import { incomplete } from "./restart/kept.ts";
import { deployedGrace, restartTempo, type Restart } from "./restart/kubelet.ts";
import {
  exporter,
  model,
  steadySender,
  tempoItself,
  type Acknowledged,
  type Sender,
} from "./restart/senders.ts";
import { number } from "./values/measure.ts";
import { deploy } from "./values/run.ts";

const calls = `sum(${names.calls}{${labels.providerModel}="${model.provider}/${model.deployment}"})`;
const ofModel = `{ ${traceql(attributes.providerModel)} = "${model.provider}/${model.deployment}" }`;

/** How long an exporter tries at least before it gives a batch up. */
const patience = triesAt(exportTimeoutSeconds, jitter.least).at(-1)!;

/**
 * Tempo is queried, then restarted under traffic as its pod would be, with the grace period that is deployed. Exporters send to
 * Tempo itself, as they do without a collector.
 */
describe("a restart of Tempo", () => {
  const began = Date.now();
  let cluster: TestCluster;
  let backends: Backends;
  let grace: number;
  let restart: Restart;
  let steady: Sender;
  let exporters: Sender[];
  let readyAt: number;
  let acknowledged: Acknowledged[];

  before(async function () {
    cluster = await openTestCluster(this, "restart", backendPrograms);
    await deploy(cluster, "30s");
    backends = await cluster.startBackends("deployed");
    grace = await deployedGrace(cluster);
    steady = steadySender(tempoItself(backends));
    exporters = [
      exporter(tempoItself(backends), "early", jitter.least),
      exporter(tempoItself(backends), "late", jitter.most),
    ];
    for (let seconds = 0; seconds < 15; seconds++) {
      await ask();
      await sleep(1000);
    }
    restart = await restartTempo(cluster, "deployed", grace);
    readyAt = Date.now();
    await sleep(2 * batchSeconds * 1000);
    await Promise.all([steady, ...exporters].map((sender) => sender.stop()));
    acknowledged = [steady, ...exporters].flatMap((sender) => sender.acknowledged);
  });

  after(() => cluster?.close());

  it("is over before an exporter gives up", () => {
    const gap = longestGap(steady.acknowledged);
    const { stopping, starting } = restart;
    console.log(
      `        no spans were taken for ${gap.toFixed(1)} s: Tempo ended ${stopping.toFixed(1)} s after SIGTERM ` +
        `(${stopping < grace ? "by itself" : "killed"}), and was ready ${starting.toFixed(1)} s after its start`,
    );
    assert.ok(gap < patience, `${gap} s; an exporter may give up after ${patience} s`);
  });

  it("loses no trace that Tempo had acknowledged", async () => {
    assert.ok(steady.failures.length > 0 && acknowledged.length > 200, "there was traffic all the time");
    assert.deepEqual(await incomplete(backends, acknowledged), []);
  });

  it("takes in all that was made meanwhile, from exporters that try again as the SDK does", () => {
    assert.deepEqual(
      exporters.flatMap(({ failures }) => failures),
      [],
    );
  });

  it("leaves every trace to be found by a search", async () => {
    const expected = acknowledged.map(({ trace }) => searchId(trace.id)).sort();
    await waitFor("all traces to be found", 90, async () => {
      assert.deepEqual((await ask()).map(searchId).sort(), expected);
      return true;
    });
  });

  it("goes on counting what comes after it", async () => {
    const after = (some: readonly Acknowledged[]) => some.filter(({ at }) => at > readyAt).length;
    const counted = await waitFor("calls to be counted", 60, async () => {
      const count = await number(backends.prometheus, calls);
      return count >= after(steady.acknowledged) && count;
    });
    // It begins at 0, and leaves out what was made more than 30 s before it came.
    assert.ok(counted <= after(acknowledged) + 1, `${counted}`);
  });

  /** Ids of the chats that a search finds. */
  async function ask(): Promise<string[]> {
    const question = { from: began / 1000 - 60, to: Date.now() / 1000, variables: {} };
    return (await search(backends.tempo, ofModel, question, { limit: 5000, spansPerTrace: 1 })).map(
      ({ traceID }) => traceID,
    );
  }
});

/** The longest time between two exports that were taken, in seconds. */
function longestGap(taken: readonly Acknowledged[]): number {
  return Math.max(...taken.slice(1).map(({ at }, index) => at - taken[index]!.at)) / 1000;
}

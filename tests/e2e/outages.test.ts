import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ask, unchosen } from "../../clients/ask.ts";
import { answersOk } from "../../clients/http.ts";
import { samplesOf } from "../../clients/prometheus.ts";
import { waitFor } from "../../clients/wait.ts";
import { projectFolder } from "../../engine/stack-files.ts";
import { sandboxFolder } from "../../sandbox/folder.ts";
import type { TempoLine } from "../../sandbox/settings.ts";
import { tempo } from "../../sandbox/backend-services.ts";
import { backendPrograms, type Backends } from "../../sandbox/trace-backends.ts";
import { batchSeconds, jitter } from "../../traffic/exporter.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";
import { ownMetric } from "./own-metrics.ts";
import { calls, collectionSeconds, prometheusAway, type Away } from "./outages/prometheus-away.ts";
import { smallVolume, type SmallVolume } from "./outages/volume.ts";
import { incomplete } from "./restart/kept.ts";
import { deployedGrace, killBackend, restartTempo, runs, startAgain } from "./restart/kubelet.ts";
import { exporter, steadySender, tempoItself, type Acknowledged, type Sender } from "./restart/senders.ts";
import { itIsSkippedWithout, sandboxLine } from "./tempo-lines.ts";
import { exemplarTraceIds, number } from "./values/measure.ts";
import { signals } from "./values/product.ts";
import { deploy } from "./values/run.ts";

/**
 * Seconds after its last span by which a trace is in Tempo's log on the volume: idle for 15 s, as deployed, and Tempo
 * looks every 5 s, or 10 s (`flush_check_period`).
 */
const unwrittenSeconds: Readonly<Record<TempoLine, number>> = { "3.0": 20, "2.10": 25 };

/** The same, and a second to write it on a busy machine. */
const writtenAfter = unwrittenSeconds[sandboxLine] + 1;

const awaySeconds = 120;

/**
 * Prometheus was away under traffic, Tempo killed, its volume filled: each with a pair of backends of its own. Spans go to
 * Tempo itself, since a collector before it would hide what it does not take.
 */
describe("outages of the data path", () => {
  let cluster: TestCluster;
  let killable: Backends;
  let volume: SmallVolume | string;
  let crowded: Backends;
  let steady: Sender;
  let away: Promise<Away>;

  before(async function () {
    cluster = await openTestCluster(this, "outages", backendPrograms);
    await deploy(cluster, "30s");
    const alone = await cluster.startBackends("alone");
    killable = await cluster.startBackends("killed");
    volume = await smallVolume(cluster, "full");
    if (typeof volume !== "string") {
      crowded = await cluster.startBackends("full", volume.programs);
      steady = steadySender(tempoItself(crowded), 0.5);
    }
    // Two minutes are long: the other outages happen meanwhile.
    away = prometheusAway(cluster, "alone", alone, awaySeconds);
    away.catch(() => undefined);
  });

  after(() => cluster?.close());

  describe("Tempo is killed", () => {
    let exporters: Sender[];
    let acknowledged: Acknowledged[];
    let lost: Acknowledged[];
    let killed: number;

    before(async () => {
      const steady = steadySender(tempoItself(killable), 0.2);
      exporters = [
        exporter(tempoItself(killable), "early", jitter.least),
        exporter(tempoItself(killable), "late", jitter.most),
      ];
      await sleep((writtenAfter + 6) * 1000);
      killed = Date.now();
      await killBackend(cluster, "killed", tempo);
      await startAgain(cluster, "killed", tempo);
      await sleep(batchSeconds * 1000);
      const senders = [steady, ...exporters];
      await Promise.all(senders.map((sender) => sender.stop()));
      acknowledged = senders.flatMap((sender) => sender.acknowledged);
      lost = await incomplete(killable, acknowledged);
    });

    it("keeps what it acknowledged before the documented window", () => {
      const ages = lost.map(({ at }) => (killed - at) / 1000);
      console.log(
        `        ${lost.length} of ${acknowledged.length} traces were lost, the oldest acknowledged ` +
          `${Math.max(0, ...ages).toFixed(1)} s before the end`,
      );
      const before = acknowledged.filter(({ at }) => at < killed - writtenAfter * 1000);
      assert.ok(before.length > 20, `${before.length} traces were acknowledged before the window`);
      assert.deepEqual(
        ages.filter((age) => age > writtenAfter),
        [],
      );
    });

    it("loses nothing that it takes after its start, or that exporters held meanwhile", () => {
      assert.deepEqual(
        exporters.flatMap(({ failures }) => failures),
        [],
      );
      // An answer may be read after the end that was sent before it.
      assert.deepEqual(
        lost.filter(({ at }) => at > killed + 500),
        [],
      );
    });

    it("is documented so", () => {
      const page = readFileSync(path.join(projectFolder, "docs/troubleshooting.md"), "utf8");
      assert.ok(
        page.includes(`up to ${unwrittenSeconds["3.0"]} s (line 2.10: ${unwrittenSeconds["2.10"]} s)`),
      );
    });
  });

  describe("Tempo's volume is full", () => {
    const pair = "full";
    let room: SmallVolume;
    let full: number;

    before(async function () {
      if (typeof volume === "string") {
        console.log(`        NOT TESTED: no volume can be mounted here without root: ${volume}`);
        return this.skip();
      }
      room = volume;
      if (sandboxLine === "3.0") await firstWriteToNewBlock(crowded);
      room.fill();
      full = Date.now();
    });

    after(() => steady?.stop());

    it("says so in its log", async () => {
      const log = path.join(sandboxFolder(cluster.pairFolder(pair)).logs, "tempo.log");
      const failed = () =>
        readFileSync(log, "utf8")
          .split("\n")
          .filter((line) => line.includes("no space left on device"))
          .some((line) => /failed to cut (idle )?traces/.test(line));
      await waitFor("the words", 60, () => Promise.resolve(failed()));
    });

    itIsSkippedWithout("3.0", new Set([sandboxLine]));
    if (sandboxLine === "3.0") {
      it("goes on taking spans and answering, with all that it had written", async () => {
        const before = steady.acknowledged.length;
        await waitFor("more spans to be taken", 10, () =>
          Promise.resolve(steady.acknowledged.length > before + 10),
        );
        assert.deepEqual(steady.failures, []);
        assert.ok(await answersOk(`${crowded.tempo}/ready`));
        const written = steady.acknowledged.filter(({ at }) => at < full - writtenAfter * 1000);
        assert.ok(written.length > 0);
        assert.deepEqual(await incomplete(crowded, written), []);
      });

      it("loses what it takes, and goes on so when there is room again", async () => {
        room.free();
        const freed = Date.now();
        const before = await metric(crowded, blocksCut);
        await sleep((writtenAfter + 10) * 1000);
        const sent = steady.acknowledged.filter(
          ({ at }) => at > full && at < Date.now() - writtenAfter * 1000,
        );
        const after = sent.filter(({ at }) => at > freed);
        assert.ok(after.length > 0);
        assert.equal((await incomplete(crowded, sent)).length, sent.length);
        assert.deepEqual(steady.failures, []);
        // What tells: it writes traces, and ends no block.
        assert.equal(await metric(crowded, blocksCut), before);
      });
    } else {
      it("ends", async () => {
        await waitFor("Tempo to end", 60, () => Promise.resolve(!runs(cluster, pair, tempo)));
        room.free();
      });
    }

    it("is well again after a restart with room, with all that it had written", async () => {
      const written = steady.acknowledged.filter(({ at }) => at < full - writtenAfter * 1000);
      await restartTempo(cluster, pair, await deployedGrace(cluster), room.programs);
      const started = Date.now();
      await sleep((writtenAfter + 3) * 1000);
      const since = steady.acknowledged.filter(({ at }) => at > started);
      assert.ok(written.length > 0 && since.length > 20);
      assert.deepEqual(await incomplete(crowded, [...written, ...since]), []);
    });
  });

  describe("Prometheus is away for two minutes", () => {
    let gap: Away;

    before(async () => {
      gap = await away;
    });

    it("does not keep Tempo from taking spans", () => {
      assert.deepEqual(gap.sender.failures, []);
    });

    it("is told all of it within a minute", () => {
      console.log(`        all was written ${gap.caughtUpAfter.toFixed(1)} s after Prometheus was ready`);
      assert.ok(gap.caughtUpAfter < 60);
    });

    it("leaves no hole in any series", async () => {
      const { prometheus } = gap.backends;
      const seconds = Date.now() / 1000 - gap.began;
      const series = await samplesOf(prometheus, '{__name__=~"traces_.+"}', seconds, 30);
      assert.ok(series.length > 50, `${series.length}`);
      for (const { labels, points } of series) {
        const times = points.map(([at]) => at);
        const around = times.filter(
          (at, n) => at > gap.gone - collectionSeconds && (times[n - 1] ?? 0) < gap.back,
        );
        const longest = Math.max(...around.slice(1).map((at, n) => at - around[n]!));
        assert.ok(
          // Without a single one they would be twice as far apart; a busy machine is seconds late.
          around.length >= awaySeconds / collectionSeconds - 1 && longest < 2 * collectionSeconds - 1,
          `${JSON.stringify(labels)}: ${around.length} samples, ${longest} s apart`,
        );
      }
    });

    it("loses no call, and drops no sample", async () => {
      const { backends, sender } = gap;
      const expected = sender.acknowledged.length;
      await waitFor("all calls to be counted", 60, async () => {
        const counted = await number(backends.prometheus, `sum(${calls})`);
        assert.equal(counted, expected);
        return true;
      });
      for (const what of ["samples", "exemplars"]) {
        assert.equal(await metric(backends, `prometheus_remote_storage_${what}_failed_total`), 0);
      }
      assert.ok((await metric(backends, "prometheus_remote_storage_samples_retried_total")) > 0);
    });

    it("leaves graphs and diamonds without a gap", async () => {
      const { backends, gone, back } = gap;
      const question = {
        from: gone + 30,
        to: back,
        variables: { ...unchosen, environment: "dev", interval: "1m" },
      };
      for (const query of signals.requestRate.queries) {
        const answer = await ask(query, backends, question);
        assert.equal(answer.kind, "series");
        const lines = answer.kind === "series" ? answer.series : [];
        assert.ok(lines.length > 0);
        for (const { points } of lines) {
          assert.equal(points.length, Math.floor((back - gone - 30) / collectionSeconds) + 1);
          assert.ok(points.every(([, value]) => value > 0));
        }
      }
      const diamonds = await exemplarTraceIds(backends.prometheus, "traces_spanmetrics_latency_bucket", [
        gone + collectionSeconds,
        back,
      ]);
      assert.ok(diamonds.length > 0);
    });
  });
});

/**
 * Waits until a Tempo of line 3.0 has ended a block, and written to the next one. A write fails for good where the block
 * has been written to before; a new block whose first file cannot be written waits for room.
 */
async function firstWriteToNewBlock(backends: Backends): Promise<void> {
  const written = "tempo_live_store_traces_created_total";
  await waitFor("a block to be cut", 90, async () => (await metric(backends, blocksCut)) > 0);
  const before = await metric(backends, written);
  await waitFor("a write", 30, async () => (await metric(backends, written)) > before);
  await sleep(1000);
}

/** Counts the blocks that a Tempo of line 3.0 has ended, one every 30 s while traces come. */
const blocksCut = "tempo_live_store_blocks_cut_total";

const metric = ({ tempo }: Backends, name: string): Promise<number> => ownMetric(tempo, name);

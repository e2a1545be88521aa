import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request, urlBelow } from "../../clients/http.ts";
import { waitFor } from "../../clients/wait.ts";
import { gracePeriodSeconds as collectorGrace } from "../../components/collector/statefulset.ts";
import { gracePeriodSeconds as tempoGrace } from "../../components/tempo/pod.ts";
import { startGuard, type Guard } from "../../processes/guard.ts";
import { prometheus, tempo } from "../../sandbox/backend-services.ts";
import { leastMemory } from "../../settings/collector.ts";
import { parseQuantity } from "../../settings/units.ts";
import { applicationMetrics } from "../../telemetry/application-metrics.ts";
import { peakFactor, recordedChat, spansPerSecond } from "../../telemetry/traffic.ts";
import { chats } from "../../traffic/chats.ts";
import { batchSeconds, jitter } from "../../traffic/exporter.ts";
import { settingsOf } from "../contract/product.ts";
import { recordedMetrics, takenAt, type RecordedExport } from "../../traffic/recorded-metrics.ts";
import { flood, type Flood } from "./collector-outages/flood.ts";
import { memoryWatch, type MemoryWatch } from "./collector-outages/memory.ts";
import { rigPair, startRig, type Replica, type Rig } from "./collector-outages/rig.ts";
import { toolsOrSkip } from "./harness.ts";
import { ownMetric } from "./own-metrics.ts";
import { incomplete } from "./restart/kept.ts";
import { number } from "./values/measure.ts";
import { endBackend, killBackend, startAgain } from "./restart/kubelet.ts";
import { exporter, model, steadySender, type Acknowledged, type Sender } from "./restart/senders.ts";

/** How long Tempo is away. Its queue, its memory and its catching up are worth a look with `AWAY_SECONDS=300`. */
const awaySeconds = Number(process.env["AWAY_SECONDS"] ?? 20);

/** The container of the collector that is flooded: the smallest that the settings take, so that one machine can flood it. */
const floodedBytes = parseQuantity(leastMemory)!;

const sent = "otelcol_exporter_sent_spans";
const received = "tempo_distributor_spans_received_total";

/** Two collectors under traffic, and one to be flooded, before a Tempo: what any of them loses when another fails. */
describe("collectors", () => {
  let guard: Guard | undefined;
  let root: string;
  let rig: Rig;
  let first: Replica;
  let second: Replica;
  let small: Replica;

  before(async function () {
    guard = startGuard();
    const tools = await toolsOrSkip(this, guard, ["otelcol-contrib", "tempo", "prometheus"]);
    root = mkdtempSync(path.join(tmpdir(), "collector-outages-"));
    rig = await startRig(root, guard, tools, ["deployed", "deployed", floodedBytes]);
    [first, second, small] = rig.replicas as [Replica, Replica, Replica];
  });

  after(async () => {
    await guard?.stop();
    if (root) rmSync(root, { recursive: true });
  });

  describe(`while Tempo is away for ${awaySeconds} s`, () => {
    let kept: Sender[];
    let left: Sender[];
    let metrics: number;
    let waiting: number;
    let stopping: number;
    let expected: number;
    let memory: MemoryWatch;

    before(async () => {
      kept = [
        steady(first, "first", 0.1),
        exporter(first, "early", jitter.least),
        exporter(first, "late", jitter.most),
      ];
      left = [steady(second, "second", 0.1)];
      await sleep(3000);
      memory = memoryWatch(rig, first);
      const gone = Date.now();
      await endBackend(rig.pair, rigPair, tempo, tempoGrace);
      const before = await ownMetric(first.own, sent);
      await exportMetrics(first.otlpHttp);
      const measured = () => number(rig.prometheus, 'count({__name__=~"gen_ai_.*"})');
      await waitFor("metrics", 10, async () => (metrics = await measured()) > 0);
      await sleep(Math.max(3000, (awaySeconds * 1000) / 2 - (Date.now() - gone)));
      await left[0]!.stop();
      waiting = await queued(second);
      const asked = Date.now();
      await endBackend(rig.pair, rigPair, second.service, collectorGrace);
      stopping = (Date.now() - asked) / 1000;
      await second.start();
      left.push(steady(second, "second, again", 0.1));
      await sleep(Math.max(0, awaySeconds * 1000 - (Date.now() - gone)));
      await startAgain(rig.pair, rigPair, tempo);
      const back = Date.now();
      await sleep(3000);
      await Promise.all([...kept, ...left].map((sender) => sender.stop()));
      // Of the second it is all that it sent since its restart.
      await caughtUp(first, second);
      const now = (await ownMetric(first.own, sent)) + (await ownMetric(second.own, sent));
      expected = now - before;
      const uncounted = await ownMetric(rig.tempo, "tempo_metrics_generator_spans_discarded_total");
      console.log(
        `        away for ${((back - gone) / 1000).toFixed(0)} s; all was handed on ` +
          `${((Date.now() - back) / 1000).toFixed(0)} s after its return, ${uncounted} of ${expected} spans too late to be counted`,
      );
      await memory.stop();
    });

    it("hand on what applications measure, meanwhile", () => assert.ok(metrics > 0));

    it("answer every sender by 200", () => {
      assert.deepEqual(
        [...kept, ...left].flatMap(({ failures }) => failures),
        [],
      );
      assert.ok(acknowledgedBy(kept).length > 5 * awaySeconds);
    });

    it("hand on all that they acknowledged, once", async () => {
      assert.equal(await ownMetric(first.own, sent), spansOf(acknowledgedBy(kept)));
      assert.equal(await ownMetric(rig.tempo, received), expected);
      assert.deepEqual(await lost(acknowledgedBy(kept)), []);
    });

    it("keep what waits when they are told to stop", async () => {
      console.log(`        stopped in ${stopping.toFixed(1)} s with ${waiting} bytes in the queue`);
      assert.ok(waiting > 10_000, `${waiting} bytes waited`);
      assert.ok(stopping < collectorGrace);
      assert.deepEqual(await lost(acknowledgedBy(left)), []);
    });

    it("stay within their memory", () => memory.isWithin());
  });

  describe("while Prometheus is away", () => {
    let asked: number;
    let failures: readonly string[];
    let made: number;
    let arrived: number;

    before(async () => {
      await endBackend(rig.pair, rigPair, prometheus, collectorGrace);
      const before = await ownMetric(rig.tempo, received);
      asked = Date.now();
      await exportMetrics(second.otlpHttp);
      const traces = steady(second, "without Prometheus", 0.1);
      // Longer than the exporter's own timeout, with which it gives up.
      await sleep(10_000);
      await traces.stop();
      failures = traces.failures;
      made = spansOf(traces.acknowledged);
      await caughtUp(second);
      arrived = (await ownMetric(rig.tempo, received)) - before;
      await startAgain(rig.pair, rigPair, prometheus);
    });

    it("hand on spans", () => {
      assert.deepEqual(failures, []);
      assert.ok(made > 100);
      assert.equal(arrived, made);
    });

    it("hand on what was measured meanwhile, once it is back", async () => {
      const newest = `max(timestamp(${applicationMetrics.callSeconds.name}_count))`;
      await waitFor("metrics", 60, async () => 1000 * (await number(rig.prometheus, newest)) >= asked - 1);
    });
  });

  describe("of which one is killed under traffic", () => {
    let exporters: Sender[];
    let faithful: Sender;
    let killed: number;
    let more: number;

    before(async () => {
      const before = await ownMetric(rig.tempo, received);
      const addresses = [first.otlpHttp, second.otlpHttp];
      exporters = [jitter.least, 0.9, 1, 1.1, jitter.most].map((factor) =>
        exporter(first, `either ${factor}`, factor, addresses),
      );
      faithful = steady(first, "faithful", 0.02);
      await sleep((batchSeconds + 3) * 1000);
      killed = Date.now();
      await killBackend(rig.pair, rigPair, first.service);
      // Each exports meanwhile.
      await sleep((batchSeconds + 2) * 1000);
      await first.start();
      await sleep(2000);
      await Promise.all([...exporters, faithful].map((sender) => sender.stop()));
      await caughtUp(first, second);
      const now = await ownMetric(rig.tempo, received);
      more = now - before - spansOf(acknowledgedBy([...exporters, faithful]));
    });

    it("lose nothing that they acknowledged, before and after", async () => {
      const acknowledged = acknowledgedBy([...exporters, faithful]);
      const since = acknowledged.filter(({ at }) => at > killed);
      assert.ok(faithful.failures.length > 0 && since.length > 20 && acknowledged.length > 2 * since.length);
      assert.deepEqual(await lost(acknowledged), []);
    });

    it("take from exporters, which try the other one, all that these have", () => {
      assert.deepEqual(
        exporters.flatMap(({ failures }) => failures),
        [],
      );
    });

    it("hand on twice only what was on its way", () => {
      console.log(`        ${more} spans came twice, or were taken without an answer`);
      const newest = acknowledgedBy([...exporters, faithful]).filter(
        ({ at }) => at > killed - 5000 && at < killed + 1000,
      );
      // What the sender was not yet told is a chat.
      assert.ok(more >= 0 && more <= spansOf(newest) + faithful.acknowledged[0]!.trace.spans.length);
    });
  });

  describe("of which one is flooded", () => {
    let result: Flood;
    let memory: MemoryWatch;
    let receivedBefore: number;

    before(async () => {
      receivedBefore = await ownMetric(rig.tempo, received);
      memory = memoryWatch(rig, small, 0.1);
      result = await flood(small.otlpHttp, {
        exporters: 40,
        least: 200,
        most: 1000,
        isEnough: (refused) => 503 in refused,
      });
      await caughtUp(small);
      await memory.stop();
      const { fullestSecond, refused, recoverySeconds } = result;
      console.log(
        `        ${fullestSecond} spans answered in the fullest second, refused: ${JSON.stringify(refused)}; ` +
          `all were taken ${recoverySeconds.toFixed(1)} s after the last was offered`,
      );
    });

    it("is offered more than the fullest second that limits are made for", () => {
      const { requestsPerMinute } = settingsOf("dev").traffic;
      const average = spansPerSecond({
        requestsPerMinute,
        spansPerRequest: recordedChat.spans,
        bytesPerSpan: recordedChat.bytesPerSpan,
      });
      assert.ok(result.fullestSecond > peakFactor * average);
    });

    it("refuses in the way that exporters try again after, and counts it", async () => {
      assert.deepEqual(Object.keys(result.refused), ["503"]);
      assert.equal(await ownMetric(small.own, "otelcol_receiver_refused_spans"), result.refused[503]);
      assert.ok((await ownMetric(small.own, "otelcol_processor_memory_limiter_refused_spans")) > 0);
    });

    it("stays within its memory", () => memory.isWithin());

    it("is well within seconds", async () => {
      assert.ok(result.recoverySeconds < 30);
      const after = steady(small, "after", 0.1);
      await sleep(2000);
      await after.stop();
      assert.deepEqual(after.failures, []);
      assert.ok(after.acknowledged.length > 5);
      await caughtUp(small);
      assert.deepEqual(await lost(after.acknowledged), []);
    });

    it("loses nothing that it acknowledged, and hands it on once", async () => {
      assert.equal(await ownMetric(small.own, sent), (await ownMetric(rig.tempo, received)) - receivedBefore);
      assert.deepEqual(await lost(result.acknowledged), []);
    });
  });

  /** Which traces Tempo has not, or not whole, in few words. */
  const lost = async (some: readonly Acknowledged[]): Promise<string[]> =>
    (await incomplete(rig, some)).map(
      ({ trace, at, spans }) =>
        `${trace.id}: ${spans} of ${trace.spans.length} spans; acknowledged at ${new Date(at).toISOString()}`,
    );
});

/** Sends chats of its own to a replica, each once. */
const steady = ({ otlpHttp }: Replica, name: string, pauseSeconds: number): Sender =>
  steadySender({ otlpHttp }, pauseSeconds, {
    make: (seed) => chats.apiChat({ seed: `${name} ${seed}`, model }),
  });

const acknowledgedBy = (senders: readonly Sender[]): Acknowledged[] =>
  senders.flatMap(({ acknowledged }) => acknowledged);

const spansOf = (some: readonly Acknowledged[]): number =>
  some.reduce((sum, { trace }) => sum + trace.spans.length, 0);

/** What of traces waits in a replica, in bytes. */
const queued = ({ own }: Replica): Promise<number> =>
  ownMetric(own, "otelcol_exporter_queue_size", 'data_type="traces"');

/** Waits until replicas have handed on all spans that they took. */
const caughtUp = (...replicas: readonly Replica[]): Promise<boolean> =>
  waitFor("queues to be empty", 120, async () => {
    const waiting = await Promise.all(replicas.map(queued));
    return waiting.every((bytes) => bytes === 0);
  });

/** Sends what LiteLLM was recorded to measure, as of now. */
async function exportMetrics(otlpHttp: string): Promise<void> {
  const [{ request: body }] = recordedMetrics("litellm") as [RecordedExport];
  const { status } = await request("OTLP", urlBelow(otlpHttp, "/v1/metrics"), {
    headers: { "content-type": "application/json" },
    body: JSON.stringify(takenAt(body, Date.now())),
  });
  assert.equal(status, 200);
}

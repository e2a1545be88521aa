import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gracePeriodSeconds as collectorGrace } from "../../components/collector/statefulset.ts";
import { startGuard, type Guard } from "../../processes/guard.ts";
import { leastMemory } from "../../settings/collector.ts";
import { parseQuantity } from "../../settings/units.ts";
import { streamLog } from "../../terminal/log.ts";
import { ensureApplications } from "../../tools/python-applications.ts";
import { peakFactor, recordedChat, spansPerSecond } from "../../telemetry/traffic.ts";
import { batchSeconds, jitter } from "../../traffic/exporter.ts";
import { settingsOf } from "../contract/product.ts";
import {
  absence,
  caughtUp,
  incompleteTraces,
  received,
  sentSpans,
  spansOf,
  type Absence,
  type Handed,
} from "./collector-outages/absence.ts";
import { flood, type Flood } from "./collector-outages/flood.ts";
import { startGrpcExporter, type Exported } from "./collector-outages/grpc.ts";
import { memoryWatch, type MemoryWatch } from "./collector-outages/memory.ts";
import { rigPair, startRig, type Replica, type Rig } from "./collector-outages/rig.ts";
import { steady } from "./collector-outages/senders.ts";
import { stores, type Store } from "./collector-outages/stores.ts";
import { openGate } from "./alerts/gate.ts";
import { skipWithout, toolsOrSkip } from "./harness.ts";
import { ownMetric } from "./own-metrics.ts";
import { killBackend } from "./restart/kubelet.ts";
import { exporter, type Acknowledged, type Sender } from "./restart/senders.ts";

/** How long each store is away: docs/cluster.md says what a run with `AWAY_SECONDS=300` showed. */
const awaySeconds = Number(process.env["AWAY_SECONDS"] ?? 60);

/** The container of the collector that is flooded: the smallest that the settings take, so that one machine can flood it. */
const floodedBytes = parseQuantity(leastMemory)!;

/** Two collectors under traffic, and one to be flooded, before their stores: what any of them loses when another fails. */
describe("collectors", () => {
  let guard: Guard | undefined;
  let root: string;
  let openWebui: string;
  const rigs: Rig[] = [];
  let rig: Rig;
  let first: Replica;
  let second: Replica;
  let small: Replica;
  const absences = new Map<Store, Absence>();

  before(async function () {
    guard = startGuard();
    const tools = await toolsOrSkip(this, guard, ["otelcol-contrib", "tempo", "prometheus"]);
    const log = streamLog(process.stderr);
    const applications = await skipWithout(this, () => ensureApplications({ guard: guard!, log }));
    openWebui = applications["open-webui"];
    root = mkdtempSync(path.join(tmpdir(), "collector-outages-"));
    for (const { name } of stores) {
      const folder = path.join(root, name);
      mkdirSync(folder);
      rigs.push(await startRig(folder, guard, tools, ["deployed", "deployed", floodedBytes]));
    }
    rig = rigs[0]!;
    [first, second, small] = rig.replicas as [Replica, Replica, Replica];
    // Each from a rig of its own, so that all can be away at once.
    await Promise.all(
      stores.map(async (store, index) =>
        absences.set(store, await absence(rigs[index]!, store, awaySeconds)),
      ),
    );
  });

  after(async () => {
    await guard?.stop();
    for (const { openobserve } of rigs) await openobserve.end();
    if (root) rmSync(root, { recursive: true });
  });

  for (const store of stores) {
    describe(`while ${store.name} is away for ${awaySeconds} s`, () => {
      let result: Absence;

      before(() => {
        result = absences.get(store)!;
        for (const line of words(result)) console.log(`        ${line}`);
      });

      it("answer every sender by 200", () => assert.deepEqual(result.failures, []));

      it("hand on to the other stores meanwhile", () => {
        const handed = Object.entries(result.meanwhile);
        assert.equal(handed.length, stores.length - 1);
        for (const [kind, { acknowledged, arrived }] of handed) {
          assert.ok(acknowledged > awaySeconds / 10, `${acknowledged} of ${kind}`);
          assert.ok(arrived >= acknowledged, `${arrived} of ${acknowledged} ${kind}`);
        }
      });

      it("hand on all that they acknowledged, once it is back", () => {
        assert.deepEqual(result.lost, []);
        const { spans, exports, changing } = result.afterwards;
        assert.ok(spans.acknowledged > 20 * awaySeconds);
        assert.deepEqual(exports, { acknowledged: exports.acknowledged, arrived: exports.acknowledged });
        assert.equal(changing.known, changing.exports);
      });

      it("hand on each span once", () => {
        const { acknowledged, sent, arrived } = result.afterwards.spans;
        assert.equal(sent, acknowledged);
        assert.equal(arrived, sent);
      });

      it("keep what waits when they are told to stop", () => {
        assert.ok(result.stopped.waiting > 0);
        // It waits in vain for Prometheus to take what it has of metrics, and is killed then.
        const most = collectorGrace + (store.kind === "metrics" ? 2 : 0);
        assert.ok(result.stopped.seconds < most, `${result.stopped.seconds} s`);
      });

      it("stay within their memory", () => result.memory.isWithin());
    });
  }

  /** Open WebUI's own exporter, which sends over gRPC. */
  const overGrpc = (to: string, name: string, secondsBetween?: number) =>
    startGrpcExporter(to, { guard: guard!, name, programs: openWebui, folder: root, secondsBetween });

  describe("of which one is killed under traffic", () => {
    let exporters: Sender[];
    let faithful: Sender;
    let exported: Exported;
    let killed: number;
    let more: number;

    before(async () => {
      const before = await ownMetric(rig.tempo, received);
      const addresses = [first.otlpHttp, second.otlpHttp];
      exporters = [jitter.least, 0.9, 1, 1.1, jitter.most].map((factor) =>
        exporter(first, `either ${factor}`, factor, addresses),
      );
      faithful = steady(first, "faithful", 0.02);
      const service = await openGate(first.otlpGrpc);
      const exporting = await overGrpc(service.url, "grpc-either", 1);
      await sleep((batchSeconds + 3) * 1000);
      killed = Date.now();
      await killBackend(rig.pair, rigPair, first.service);
      // As a Service does with a pod that is no longer ready.
      setTimeout(() => service.lead(second.otlpGrpc), 3000);
      // Each exports meanwhile.
      await sleep((batchSeconds + 2) * 1000);
      await first.start();
      await sleep(2000);
      await Promise.all([...exporters, faithful].map((sender) => sender.stop()));
      exported = await exporting.stop();
      service.close();
      await caughtUp([first, second]);
      const now = await ownMetric(rig.tempo, received);
      more = now - before - spansOf(acknowledgedBy([...exporters, faithful])) - exported.acknowledged.length;
    });

    it("lose nothing that they acknowledged, before and after", async () => {
      const acknowledged = acknowledgedBy([...exporters, faithful]);
      const since = acknowledged.filter(({ at }) => at > killed);
      assert.ok(faithful.failures.length > 0 && since.length > 20 && acknowledged.length > 2 * since.length);
      assert.deepEqual(await incompleteTraces(rig, acknowledged), []);
    });

    it("take from exporters, which try the other one, all that these have", () => {
      assert.deepEqual(
        exporters.flatMap(({ failures }) => failures),
        [],
      );
    });

    it("take from Open WebUI's own over gRPC what it has, which tries again and finds the other one", async () => {
      console.log(`        tried again after ${JSON.stringify(exported.triedAgain)}`);
      assert.deepEqual(exported.failures, []);
      assert.deepEqual(Object.keys(exported.triedAgain), ["UNAVAILABLE"]);
      const since = exported.acknowledged.filter(({ at }) => at > killed);
      assert.ok(since.length > 50 && exported.acknowledged.length > since.length);
      assert.deepEqual(await incompleteTraces(rig, exported.acknowledged), []);
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
    let exported: Exported;
    let memory: MemoryWatch;
    let receivedBefore: number;

    before(async () => {
      receivedBefore = await ownMetric(rig.tempo, received);
      memory = memoryWatch(rig, small, 0.1);
      const exporting = await overGrpc(small.otlpGrpc, "grpc-flooded", 0.2);
      result = await flood(small.otlpHttp, {
        exporters: 40,
        least: 200,
        most: 1000,
        isEnough: (refused) => 503 in refused && "UNAVAILABLE" in exporting.soFar().triedAgain,
      });
      exported = await exporting.stop();
      await caughtUp([small]);
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
      const overHttp = await ownMetric(small.own, "otelcol_receiver_refused_spans", 'transport="http"');
      assert.equal(overHttp, result.refused[503]);
      assert.ok((await ownMetric(small.own, "otelcol_processor_memory_limiter_refused_spans")) > 0);
    });

    it("refuses over gRPC in the way that Open WebUI's own exporter tries again after, and loses nothing of it", async () => {
      console.log(`        tried again after ${JSON.stringify(exported.triedAgain)}`);
      assert.deepEqual(Object.keys(exported.triedAgain), ["UNAVAILABLE"]);
      assert.ok((await ownMetric(small.own, "otelcol_receiver_refused_spans", 'transport="grpc"')) > 0);
      assert.deepEqual(exported.failures, []);
      assert.deepEqual(await incompleteTraces(rig, exported.acknowledged), []);
    });

    it("stays within its memory", () => memory.isWithin());

    it("is well within seconds", async () => {
      assert.ok(result.recoverySeconds < 30);
      const after = steady(small, "after", 0.1);
      await sleep(2000);
      await after.stop();
      assert.deepEqual(after.failures, []);
      assert.ok(after.acknowledged.length > 5);
      await caughtUp([small]);
      assert.deepEqual(await incompleteTraces(rig, after.acknowledged), []);
    });

    it("loses nothing that it acknowledged, and hands it on once", async () => {
      assert.equal(await sentSpans(small), (await ownMetric(rig.tempo, received)) - receivedBefore);
      assert.deepEqual(await incompleteTraces(rig, result.acknowledged), []);
    });
  });
});

/** An absence in words, a line for each thing. */
const words = ({ seconds, meanwhile, afterwards, stopped, caughtUpSeconds }: Absence): string[] => {
  const { spans, lines, exports, changing } = afterwards;
  const of = ({ arrived, acknowledged }: Handed) => `${arrived} of ${acknowledged}`;
  return [
    `away for ${seconds.toFixed(0)} s; meanwhile the others had ` +
      Object.entries(meanwhile)
        .map(([kind, handed]) => `${kind}: ${of(handed)}`)
        .join(", "),
    `all was handed on ${caughtUpSeconds.toFixed(0)} s after its return: spans ${of(spans)}, ${spans.late} too late to be counted; ` +
      `lines ${of(lines)}, ${lines.twice} twice; exports of metrics ${of(exports)}`,
    `of the process that changed its replica, total ${changing.known} of ${changing.exports}, ${changing.refused} points refused`,
    `stopped in ${stopped.seconds.toFixed(1)} s with ${stopped.waiting} in the queue`,
  ];
};

const acknowledgedBy = (senders: readonly Sender[]): Acknowledged[] =>
  senders.flatMap(({ acknowledged }) => acknowledged);

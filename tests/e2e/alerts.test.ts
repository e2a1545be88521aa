import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { limits } from "../../alerts/tracing.ts";
import { queryNow } from "../../clients/prometheus.ts";
import { exportSpans } from "../../clients/otlp.ts";
import { waitFor } from "../../clients/wait.ts";
import { sandboxFolder } from "../../sandbox/folder.ts";
import { choosePorts } from "../../sandbox/ports.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { startService, type Service } from "../../sandbox/service.ts";
import { collector, prometheus, tempo } from "../../sandbox/backend-services.ts";
import { backendPrograms, type Backends } from "../../sandbox/trace-backends.ts";
import { chats, type ChatName } from "../../traffic/chats.ts";
import { merged, payloadEnding } from "../../traffic/otlp.ts";
import { ollama } from "../../traffic/retell.ts";
import { settingsOf } from "../contract/product.ts";
import { openGate, type Gate } from "./alerts/gate.ts";
import { hasten, scale, type Rules } from "./alerts/hastened.ts";
import { serveVolumeMetrics } from "./alerts/kubelet-metrics.ts";
import { dueSeconds, observe, table, type Fault, type Observed } from "./alerts/observed.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";
import { smallVolume, type SmallVolume } from "./outages/volume.ts";
import { deployedGrace, killBackend, restartTempo, startAgain } from "./restart/kubelet.ts";
import { steadySender, type Sender } from "./restart/senders.ts";
import { itIsSkippedWithout, sandboxLine } from "./tempo-lines.ts";

const minute = 60;
const hour = 60 * minute;

/** Few enough that a flood reaches it soon, and more than what the traffic of these settings makes. */
const maxActiveSeries = 3000;

/** Room for all that a hastened Tempo writes in these minutes. */
const volumeMegabytes = 256;

/**
 * Each fault has a pair of backends, or its turn on one: the alerts that fire while it lasts, and until all is well
 * again, are those that it names and no others.
 */
describe("alerts", () => {
  // The newest Tempo that a registry serves, 2.8, ends in other ways than 2.10 does, when its volume is full above all.
  itIsSkippedWithout("3.0", new Set([sandboxLine]));
  if (sandboxLine !== "3.0") return;

  let cluster: TestCluster;
  let rules: Rules;
  let observed: ReadonlyMap<string, Promise<readonly Observed[]>>;
  const closers: (() => unknown)[] = [];

  before(async function () {
    cluster = await openTestCluster(this, "alerts", backendPrograms);
    const { tempo } = await sandboxSettings();
    const settings = { tempo: { ...tempo, maxActiveSeries, longestAnswer: "30s" } };
    await (await cluster.openStack(settings)).up();
    rules = await hasten(cluster.sandbox.api, settingsOf("dev", settings));
    const pairs = {
      chats: await cluster.startBackends("chats"),
      names: await cluster.startBackends("names"),
      killed: await cluster.startBackends("killed"),
      cut: await cluster.startBackends("cut"),
      collectors: await cluster.startBackends("collectors"),
    };
    observed = new Map([
      ["chats", inTurn(pairs.chats, failingChats(pairs.chats))],
      ["names", inTurn(pairs.names, [healthy, wrongClock(pairs.names), flood(pairs.names)])],
      ["killed", inTurn(pairs.killed, kills())],
      ["cut", inTurn(pairs.cut, await cuts(pairs.cut))],
      ["full", fillings()],
      ["collectors", inTurn(pairs.collectors, await collectorFaults(pairs.collectors))],
    ]);
    for (const each of observed.values()) each.catch(() => undefined);
  });

  after(async () => {
    const all = await Promise.allSettled(observed?.values() ?? []);
    const seen = all.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
    console.log(table(seen).replace(/^/gm, "        "));
    for (const close of closers) await close();
    await cluster?.close();
  });

  it("have the expressions that are deployed, but for the windows", () => {
    const texts = (groups: Rules["deployed"]) =>
      groups.flatMap((group) => group.rules.map(({ expr }) => expr));
    assert.deepEqual(texts(rules.unscaled), texts(rules.deployed));
    assert.equal(texts(rules.scaled).length, texts(rules.deployed).length);
  });

  const faults: readonly (readonly [pair: string, what: readonly string[]])[] = [
    ["chats", ["a model answers 5xx"]],
    ["names", ["nothing is wrong", "a sender's clock is an hour late", "a flood of models"]],
    ["killed", ["Tempo is killed", "Tempo is killed again"]],
    ["cut", ["Prometheus takes no remote writes", "no way from Tempo to Prometheus"]],
    ["full", ["the volume fills", "the volume is full"]],
    [
      "collectors",
      [
        "no way from a collector to Tempo",
        "what stands for Tempo wants credentials",
        "a collector is killed",
        "both collectors are killed",
      ],
    ],
  ];
  for (const [pair, all] of faults) {
    for (const what of all) {
      it(`${what}: exactly the alerts of it fire, in time, and are resolved`, async function () {
        const one = (await observed.get(pair)!).find(({ fault }) => fault.what === what);
        if (one === undefined) return this.skip();
        const { fault, found } = one;
        assert.deepEqual([...found.keys()].sort(), Object.keys(fault.alerts).sort());
        const late = [...found].filter(([name, { fired }]) => fired > dueSeconds(fault.alerts[name]!));
        assert.deepEqual(late, []);
        const unresolved = [...found].filter(([, { resolved }]) => resolved === Infinity);
        assert.deepEqual(unresolved, []);
      });
    }
  }

  /** One fault after the other, under healthy traffic. */
  async function inTurn(backends: Backends, all: readonly Fault[]): Promise<readonly Observed[]> {
    const sender = healthySender(backends);
    closers.push(() => sender.stop());
    // No alert is pending any more because of the start.
    const well = "environment:llm_answers_served:rate5m > 0 unless on () ALERTS";
    await waitFor(
      "calls to be counted",
      90,
      async () => (await queryNow(backends.prometheus, well, 30)).length > 0,
    );
    const done = [];
    for (const fault of all) done.push(await observe(backends.prometheus, fault));
    return done;
  }

  function failingChats(backends: Backends): readonly Fault[] {
    let failing: Sender;
    return [
      {
        what: "a model answers 5xx",
        alerts: {
          "LLMErrorBudgetBurn over 1h": 5 * minute,
          "LLMErrorBudgetBurn over 6h": 20 * minute,
          // Its short window of 2 h outlasts the fault.
          "LLMErrorBudgetBurn over 1d": hour + 5 * minute,
          LLMModelFailing: 15 * minute,
        },
        begin: () => {
          failing = steadySender(backends, 1, { make: chatOf("failed", "broken") });
        },
        end: async () => {
          await failing.stop();
          // The model is well again, and what failed is soon a small share of its calls.
          for (let sender = 0; sender < 4; sender++) {
            const busy = steadySender(backends, 0.04, { make: chatOf("apiChat", "broken") });
            closers.push(() => busy.stop());
          }
        },
      },
    ];
  }

  function kills(): readonly Fault[] {
    const start = () => startAgain(cluster, "killed", tempo);
    const killed = () => killBackend(cluster, "killed", tempo);
    return [
      {
        what: "Tempo is killed",
        alerts: { TempoDown: 5 * minute, CollectorExporterFailing: 10 * minute },
        begin: killed,
        end: start,
      },
      {
        what: "Tempo is killed again",
        alerts: { TempoRestarting: 0 },
        begin: async () => {
          await killed();
          await start();
        },
        end: () => undefined,
      },
    ];
  }

  async function cuts(backends: Backends): Promise<readonly Fault[]> {
    const gate: Gate = await openGate(backends.prometheus);
    closers.push(() => gate.close());
    const file = path.join(cluster.pairFolder("cut"), "tempo.yaml");
    const config = readFileSync(file, "utf8");
    writeFileSync(file, config.replaceAll(`${backends.prometheus}/`, `${gate.url}/`));
    await restartTempo(cluster, "cut", await deployedGrace(cluster));
    const deaf = await prometheusWithoutReceiver();
    const mend = () => gate.lead(backends.prometheus);
    return [
      {
        what: "Prometheus takes no remote writes",
        alerts: { TempoRemoteWriteFailing: 5 * minute },
        begin: () => gate.lead(deaf),
        end: mend,
      },
      {
        what: "no way from Tempo to Prometheus",
        // How far it may be behind is not shortened.
        alerts: { TempoRemoteWriteBehind: limits.behindSeconds / scale + 5 * minute },
        begin: () => gate.lead(undefined),
        end: mend,
      },
    ];
  }

  /** Applications send to the first collector, whose way to Tempo has a gate. */
  async function collectorFaults({ tempoOtlpHttp }: Backends): Promise<readonly Fault[]> {
    const pair = "collectors";
    const gate: Gate = await openGate(tempoOtlpHttp);
    closers.push(() => gate.close());
    const file = path.join(cluster.pairFolder(pair), "otel-0.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(tempoOtlpHttp, gate.url));
    await killBackend(cluster, pair, collector(0));
    await startAgain(cluster, pair, collector(0));
    const refusing = createServer((_, response) => response.writeHead(401).end());
    await once(refusing.listen(0, "127.0.0.1"), "listening");
    closers.push(() => refusing.close());
    const { port } = refusing.address() as AddressInfo;
    const mend = () => gate.lead(tempoOtlpHttp);
    const kill = (replica: number) => killBackend(cluster, pair, collector(replica));
    const start = (replica: number) => startAgain(cluster, pair, collector(replica));
    return [
      {
        what: "no way from a collector to Tempo",
        alerts: { CollectorExporterFailing: 10 * minute },
        begin: () => gate.lead(undefined),
        end: mend,
      },
      {
        what: "what stands for Tempo wants credentials",
        alerts: { CollectorDropping: minute },
        begin: () => gate.lead(`http://127.0.0.1:${port}`),
        end: mend,
      },
      {
        what: "a collector is killed",
        alerts: { CollectorReplicaMissing: 15 * minute },
        begin: () => kill(1),
        end: () => start(1),
      },
      {
        what: "both collectors are killed",
        alerts: { CollectorDown: 5 * minute },
        begin: async () => {
          await kill(0);
          await kill(1);
        },
        end: async () => {
          await start(0);
          await start(1);
        },
      },
    ];
  }

  /** Another Prometheus, without the switch that the README asks for. */
  async function prometheusWithoutReceiver(): Promise<string> {
    const folder = sandboxFolder(cluster.pairFolder("deaf"));
    for (const each of [folder.logs, path.join(folder.root, "prometheus-config")])
      mkdirSync(each, { recursive: true });
    writeFileSync(path.join(folder.root, "prometheus-config/prometheus.yml"), "{}");
    const deaf: Service = {
      ...prometheus,
      arguments: (place) =>
        prometheus.arguments(place).filter((each) => !each.includes("remote-write-receiver")),
    };
    const ports = await choosePorts(prometheus.ports);
    await startService(deaf, { folder, ports }, cluster.guard, cluster.tools);
    return `http://127.0.0.1:${ports["prometheus"]}`;
  }

  async function fillings(): Promise<readonly Observed[]> {
    const pair = "full";
    const volume = await smallVolume(cluster, pair, volumeMegabytes);
    if (typeof volume === "string") {
      console.log(`        NOT TESTED: no volume can be mounted here without root: ${volume}`);
      return [];
    }
    const backends = await cluster.startBackends(pair, volume.programs);
    const served = await serveVolumeMetrics(volume, {
      url: backends.prometheus,
      folder: cluster.pairFolder(pair),
    });
    closers.push(() => served.close());
    return inTurn(backends, [filling(volume), full(volume)]);
  }

  const filling = (volume: SmallVolume): Fault => ({
    what: "the volume fills",
    alerts: { TempoVolumeFilling: hour },
    begin: () => volume.fill(0.6 * volumeMegabytes),
    end: () => volume.free(),
  });

  function full(volume: SmallVolume): Fault {
    const noMetrics = { TempoMetricsNotWritten: 15 * minute };
    const alertsOf = {
      "3.0": { ...noMetrics, TempoTracesNotWritten: 10 * minute },
      // It has no metric that tells that traces are not written.
      "2.10": noMetrics,
    };
    return {
      what: "the volume is full",
      alerts: { TempoVolumeFull: minute, ...alertsOf[sandboxLine] },
      begin: () => volume.fill(),
      end: async () => {
        volume.free();
        await restartTempo(cluster, "full", await deployedGrace(cluster), volume.programs);
      },
    };
  }

  function wrongClock(backends: Backends): Fault {
    let late: Sender;
    return {
      what: "a sender's clock is an hour late",
      alerts: { TempoSpansNotCounted: 30 * minute },
      begin: () => {
        late = steadySender(backends, 0.5, { make: chatOf("apiChat", "late"), secondsAgo: hour });
      },
      end: () => late.stop(),
    };
  }

  const flood = (backends: Backends): Fault => ({
    what: "a flood of models",
    alerts: { TempoSeriesLimited: 15 * minute },
    begin: async () => {
      for (let first = 0; first < 400; first += 20) {
        const some = Array.from({ length: 20 }, (_, n) => chatOf("apiChat", `model-${first + n}`)("flood"));
        await exportSpans(
          backends.otlpHttp,
          merged(some.map((trace) => payloadEnding(trace, Date.now()))),
          30,
        );
        await sleep(200);
      }
    },
    end: () => undefined,
  });
});

/** Longer than any alert here needs: windows of a quarter of an hour, and as long to last. */
const healthy: Fault = {
  what: "nothing is wrong",
  alerts: {},
  begin: () => sleep(dueSeconds(30 * minute) * 1000),
  end: () => undefined,
};

const healthySender = (backends: Backends): Sender =>
  steadySender(backends, 0.5, { make: chatOf("browserChat", "healthy") });

const chatOf = (name: ChatName, model: string) => (seed: string) =>
  chats[name]({ seed: `${model} ${seed}`, model: ollama(model, "1b") });

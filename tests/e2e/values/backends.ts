import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import type { Backends } from "../../../sandbox/trace-backends.ts";
import { sandboxFolder } from "../../../sandbox/folder.ts";
import { operatorApi } from "../../../components/kubernetes/metadata.ts";
import { loadedRules } from "../../../clients/prometheus.ts";
import { answersOk } from "../../../clients/http.ts";
import { stopSandbox } from "../../../sandbox/sandbox.ts";
import { isRunning } from "../../../processes/identity.ts";
import { readRecords } from "../../../processes/records.ts";
import type { TestCluster } from "../harness.ts";
import { pidsBelow } from "../proc.ts";

/** How the processes follow what is deployed. The configuration without settings is deployed when this begins. */
export function describeBackends(cluster: () => TestCluster): void {
  const pair = "defaults";
  const folder = () => cluster().pairFolder(pair);

  let known: Backends;

  it("stay as they are when nothing else is deployed", async () => {
    const before = pids(folder());
    known = await cluster().startBackends(pair);
    assert.deepEqual(pids(folder()), before);
    assert.equal(before.length, 4);
  });

  it("read rules that are deployed, and no longer those that are gone, without a restart", async () => {
    const { api } = cluster().sandbox;
    const before = { pids: pids(folder()), rules: await loadedRules(known.prometheus, 10) };
    const metadata = { name: "tried", namespace: "tracing" };
    const rules = [
      { record: "tried:up", expr: "up" },
      { alert: "Tried", expr: "up == 0" },
    ];
    await api.apply({
      apiVersion: operatorApi,
      kind: "PrometheusRule",
      metadata,
      spec: { groups: [{ name: "tried", rules }] },
    });
    await cluster().startBackends(pair);
    assert.deepEqual(await loadedRules(known.prometheus, 10), {
      alerting: before.rules.alerting + 1,
      recording: before.rules.recording + 1,
    });
    await api.delete(await api.path({ apiVersion: operatorApi, kind: "PrometheusRule", ...metadata }));
    await cluster().startBackends(pair);
    assert.deepEqual({ pids: pids(folder()), rules: await loadedRules(known.prometheus, 10) }, before);
  });

  it("are started anew, at the same addresses, when another configuration is deployed", async () => {
    const other = cluster().pairFolder("impatient");
    const before = { pids: pids(other), config: configOf(other) };
    assert.match(before.config, /litellm.provider.model/);
    const { tempo, tempoOtlpHttp } = await cluster().startBackends("impatient");
    assert.deepEqual(pids(other).filter(isAmong(before.pids)), []);
    assert.doesNotMatch(await runningConfig(tempo), /litellm.provider.model/);
    assert.ok(before.config.includes(tempoOtlpHttp.replace("http://", "")));
  });

  it("leave with the sandbox", async () => {
    assert.deepEqual((await stopSandbox({ dir: folder() })).sort(), [
      "otel-0",
      "otel-1",
      "prometheus",
      "tempo",
    ]);
    assert.deepEqual(pidsBelow(folder()), []);
  });

  it("choose other ports when another program has theirs", async () => {
    const stranger = createServer().listen(Number(new URL(known.otlpHttp).port), "127.0.0.1");
    await once(stranger, "listening");
    try {
      const now = await cluster().startBackends(pair);
      assert.notEqual(now.otlpHttp, known.otlpHttp);
      assert.equal(await answersOk(`${now.tempo}/ready`), true);
    } finally {
      stranger.close();
    }
  });
}

const pids = (dir: string): number[] =>
  readRecords(sandboxFolder(path.resolve(dir)).run)
    .filter(isRunning)
    .map(({ pid }) => pid);

const isAmong =
  (some: readonly number[]) =>
  (pid: number): boolean =>
    some.includes(pid);

const configOf = (dir: string): string => readFileSync(path.join(dir, "tempo.yaml"), "utf8");

const runningConfig = async (tempo: string): Promise<string> =>
  (await fetch(`${tempo}/status/config`)).text();

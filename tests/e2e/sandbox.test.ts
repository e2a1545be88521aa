import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { KubernetesObject } from "../../clients/kubernetes.ts";
import { emptySandbox, environmentsIn } from "../../sandbox/environments.ts";
import { sandboxFolder } from "../../sandbox/folder.ts";
import { startSandbox, stopSandbox } from "../../sandbox/sandbox.ts";
import { waitFor } from "../../clients/wait.ts";
import { quietLog } from "../../terminal/log.ts";
import { identify } from "../../processes/identity.ts";
import { e2eFolder, openTestCluster } from "./harness.ts";
import type { TestCluster } from "./harness.ts";
import { isLoopback, listenersOf, pidsBelow } from "./proc.ts";

describe("sandbox", () => {
  let cluster: TestCluster;

  before(async function () {
    cluster = await openTestCluster(this, "sandbox");
  });

  after(() => cluster?.close());

  it("has one ready node", async () => {
    const nodes = await cluster.sandbox.api.list({ apiVersion: "v1", kind: "Node" });
    assert.deepEqual(
      nodes.map(({ metadata }) => metadata.name),
      ["sandbox"],
    );
  });

  it("listens on loopback addresses only", () => {
    const listening = listenersOf(pidsBelow(cluster.sandbox.folder.root));
    assert.ok(listening.length >= 5);
    assert.deepEqual(
      listening.filter((address) => !isLoopback(address)),
      [],
    );
  });

  it("takes over a control plane that runs", async () => {
    const { guard, tools, sandbox } = cluster;
    const again = await startSandbox({ dir: sandbox.folder.root, guard, tools, log: quietLog });
    assert.equal(again.reused, true);
    assert.ok(await again.api.get("/api/v1/nodes/sandbox"));
  });

  it("makes a StatefulSet with a claim ready, and lets its namespace go with all that is in it", async () => {
    const { api } = cluster.sandbox;
    const statefulSet = "/apis/apps/v1/namespaces/tried/statefulsets/tried";
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "tried" } });
    await api.apply(triedStatefulSet);
    await waitFor(
      "the StatefulSet to be ready",
      60,
      async () => readyReplicas(await api.get(statefulSet)) === 1,
    );
    const volumes = () => api.list({ apiVersion: "v1", kind: "PersistentVolume" });
    assert.equal((await volumes()).length, 1);

    await api.delete("/api/v1/namespaces/tried");
    await waitFor("the namespace to be gone", 60, async () => !(await api.get("/api/v1/namespaces/tried")));
    await waitFor("the claim's volume to be gone", 60, async () => (await volumes()).length === 0);
  });

  it("starts anew beside a process that ended by itself, and still has its objects", async () => {
    const { guard, tools, sandbox } = cluster;
    await sandbox.api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kept" } });
    process.kill(recordedPid(sandbox.folder.run, "kube-scheduler"), "SIGKILL");
    await sleep(200);
    const again = await startSandbox({ dir: sandbox.folder.root, guard, tools, log: quietLog });
    assert.equal(again.reused, false);
    assert.ok(await again.api.get("/api/v1/namespaces/kept"));
  });

  it("forgets what was deployed to it when another environment is to come", async () => {
    const { sandbox, guard, tools } = cluster;
    await (await cluster.openStack()).up();
    assert.deepEqual(environmentsIn(sandbox.folder), ["dev"]);
    await emptySandbox(sandbox.folder);
    assert.deepEqual(environmentsIn(sandbox.folder), []);
    const { api } = await startSandbox({ dir: sandbox.folder.root, guard, tools, log: quietLog });
    assert.equal(await api.get("/api/v1/namespaces/tracing"), undefined);
  });

  it("leaves no process when it is stopped, and stopping twice is no error", async () => {
    const { root } = cluster.sandbox.folder;
    assert.equal((await stopSandbox({ dir: root })).length, 5);
    assert.deepEqual(pidsBelow(root), []);
    assert.deepEqual(await stopSandbox({ dir: root }), []);
  });
});

describe("sandbox of a run that is killed", () => {
  let cluster: TestCluster;
  let run: ChildProcess;

  before(async function () {
    cluster = await openTestCluster(this, "killed");
    await stopSandbox({ dir: cluster.sandbox.folder.root });
  });

  after(() => cluster?.close());

  afterEach(() => run.kill("SIGKILL"));

  for (const moment of ["starting", "started"]) {
    it(`leaves no process when it was ${moment}`, async () => {
      const dir = e2eFolder("killed");
      run = startRun(dir);
      await said(run, moment);
      await sleep(moment === "starting" ? 700 : 0);
      assert.notDeepEqual(pidsBelow(dir), []);
      run.kill("SIGKILL");
      await waitFor("every process to be gone", 20, () => Promise.resolve(pidsBelow(dir).length === 0));
    });
  }
});

describe("records of a sandbox", () => {
  const dir = e2eFolder("records");
  const { run } = sandboxFolder(dir);
  let stranger: ChildProcess;

  before(() => {
    stranger = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(run, { recursive: true });
  });

  after(() => stranger.kill());

  const garbage: Record<string, (pid: number) => string> = {
    "an empty file": () => "",
    "half a record": (pid) => `{"pid": ${pid}, "sta`,
    "a pid that another process has by now": (pid) =>
      JSON.stringify({ pid, start: "long ago", command: "etcd" }),
    "no start": (pid) => JSON.stringify({ pid }),
    "pid 0, every process of this group": () => JSON.stringify({ pid: 0, start: "", command: "" }),
    "pid -1, every process there is": () => JSON.stringify({ pid: -1, start: "", command: "" }),
    "pid 1": () => JSON.stringify({ pid: 1, start: identify(1)?.start ?? "", command: "" }),
    "a list": (pid) => JSON.stringify([pid]),
  };

  for (const [what, text] of Object.entries(garbage)) {
    it(`kills nobody for ${what}`, async () => {
      writeFileSync(path.join(run, "etcd.json"), text(stranger.pid!));
      assert.deepEqual(await stopSandbox({ dir }), []);
      assert.ok(identify(stranger.pid!), "the stranger still runs");
      assert.deepEqual(readdirSync(run), []);
    });
  }
});

const triedStatefulSet: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "tried", namespace: "tried" },
  spec: {
    serviceName: "tried",
    replicas: 1,
    selector: { matchLabels: { app: "tried" } },
    template: {
      metadata: { labels: { app: "tried" } },
      spec: { containers: [{ name: "tried", image: "tried" }] },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ],
  },
};

function readyReplicas(object: KubernetesObject | undefined): number {
  return (object?.["status"] as { readyReplicas?: number } | undefined)?.readyReplicas ?? 0;
}

function recordedPid(run: string, name: string): number {
  return (JSON.parse(readFileSync(path.join(run, `${name}.json`), "utf8")) as { pid: number }).pid;
}

function startRun(dir: string): ChildProcess {
  const program = fileURLToPath(new URL("start-and-wait.ts", import.meta.url));
  return spawn(process.execPath, [program, dir], { stdio: ["ignore", "pipe", "inherit"] });
}

async function said(run: ChildProcess, word: string): Promise<void> {
  const ended = once(run, "exit").then(() => assert.fail(`the run ended before it said "${word}"`));
  const heard = (async () => {
    for await (const line of createInterface({ input: run.stdout! })) {
      if (line === word) {
        return;
      }
    }
  })();
  await Promise.race([
    heard,
    ended,
    sleep(60_000, undefined, { ref: false }).then(() => assert.fail("no word in 60 s")),
  ]);
}

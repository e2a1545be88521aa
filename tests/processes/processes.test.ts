import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startGuard } from "../../processes/guard.ts";
import { identify, isRunning } from "../../processes/identity.ts";
import { withLock } from "../../processes/lock.ts";
import { readRecords, writeRecord } from "../../processes/records.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "processes-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("identity of a process", () => {
  it("is that of a process that runs", () => {
    const own = identify(process.pid);
    assert.ok(own && isRunning(own));
  });

  it("is not that of an earlier process with its pid", () => {
    assert.equal(isRunning({ pid: process.pid, start: "another" }), false);
  });

  it("is none once the process has ended", async () => {
    const child = spawn("true");
    await once(child, "exit");
    assert.equal(identify(child.pid!), undefined);
  });

  for (const pid of [0, 1, -1, 1.5, NaN]) {
    it(`is none for pid ${pid}`, () => assert.equal(identify(pid), undefined));
  }
});

describe("records of processes", () => {
  it("come in the order in which the processes were started", () => {
    const record = (name: string, recordedAt: number) => ({
      name,
      recordedAt,
      pid: 10,
      start: "s",
      command: "c",
    });
    const [second, first] = [record("a", 2), record("b", 1)];
    [second, first].forEach((each) => writeRecord(folder, each));
    assert.deepEqual(readRecords(folder), [first, second]);
  });

  it("are none where there is no folder", () => {
    assert.deepEqual(readRecords(path.join(folder, "missing")), []);
  });
});

describe("a lock", () => {
  const nobody = () => assert.fail("waited");

  it("lets one run work at a time", async () => {
    const file = path.join(folder, "lock");
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await sleep(50);
      order.push(`${name} ends`);
    };
    const waiting = (pid: number) => assert.equal(pid, process.pid);
    await Promise.all([withLock(file, nobody, work("one")), withLock(file, waiting, work("two"))]);
    assert.deepEqual(order, ["one begins", "one ends", "two begins", "two ends"]);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is released when the work fails", async () => {
    const file = path.join(folder, "lock");
    await assert.rejects(
      withLock(file, nobody, () => Promise.reject(new Error("failed"))),
      /failed/,
    );
    assert.equal(existsSync(file), false);
  });

  for (const [what, text] of [
    ["a run that is gone", JSON.stringify({ pid: process.pid, start: "long ago" })],
    ["nobody", "garbage"],
  ] as const) {
    it(`of ${what} is taken over`, async () => {
      const file = path.join(folder, "lock");
      writeFileSync(file, text);
      assert.equal(await withLock(file, nobody, () => Promise.resolve("done")), "done");
    });
  }
});

describe("the guard", () => {
  const request = (command: string, ...parameters: string[]) => ({
    name: "tried",
    command,
    arguments: parameters,
    directory: folder,
    environment: {},
    log: path.join(folder, "tried.log"),
  });

  it("stops what it started", async () => {
    const guard = startGuard();
    const { pid } = await guard.start(request("sleep", "60"));
    assert.ok(identify(pid));
    await guard.stop();
    assert.equal(identify(pid), undefined);
  });

  it("leaves running what it was told to keep", async () => {
    const guard = startGuard();
    const { pid } = await guard.start(request("sleep", "60"));
    await guard.keep();
    assert.ok(identify(pid));
    process.kill(pid);
  });

  it("tells how a process ended", async () => {
    const guard = startGuard();
    const { exited } = await guard.start(request("sh", "-c", "exit 3"));
    assert.deepEqual(await exited, { code: 3, signal: null });
    await guard.stop();
  });

  it("says that a program does not exist", async () => {
    const guard = startGuard();
    await assert.rejects(guard.start(request("/no/such/program")), /ENOENT/);
    await guard.stop();
  });
});

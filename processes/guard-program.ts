/**
 * The guard: starts processes for a run and ends them when the run is gone.
 *
 * It reads requests from standard input, one JSON object a line. Standard input closes when the run ends, however it
 * ends; then everything started here, and everything the run itself started, is stopped, unless the run said `keep`.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { GuardEvent, GuardRequest, SpawnRequest } from "./guard-protocol.ts";
import { identify } from "./identity.ts";
import type { ProcessIdentity } from "./identity.ts";
import { markedProcesses, runMarker } from "./marker.ts";
import { writeRecord } from "./records.ts";
import { stopInTurn, stopTogether } from "./stop.ts";

const started: ProcessIdentity[] = [];
let stopping = false;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void stopEverything());
}
process.stdout.on("error", () => undefined);

const requests = createInterface({ input: process.stdin });
requests.on("line", (line) => handle(JSON.parse(line) as GuardRequest));
requests.on("close", () => void stopEverything());

function handle(request: GuardRequest): void {
  switch (request.request) {
    case "spawn":
      return start(request);
    case "keep":
      process.exit(0);
  }
}

function start(request: SpawnRequest): void {
  if (stopping) {
    return;
  }
  mkdirSync(path.dirname(request.log), { recursive: true });
  const log = openSync(request.log, "a");
  const child = spawn(request.command, request.arguments, {
    cwd: request.directory,
    env: { ...process.env, ...request.environment },
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.once("error", (error) => tell({ event: "failed", id: request.id, message: error.message }));
  child.once("exit", (code, signal) => tell({ event: "exited", id: request.id, code, signal }));
  if (child.pid === undefined) {
    return;
  }
  const identity = identify(child.pid);
  if (identity !== undefined) {
    started.push(identity);
    if (request.recordIn !== undefined) {
      const command = [request.command, ...request.arguments].join(" ");
      writeRecord(request.recordIn, { name: request.name, command, recordedAt: Date.now(), ...identity });
    }
  }
  tell({ event: "spawned", id: request.id, pid: child.pid });
}

async function stopEverything(): Promise<void> {
  if (stopping) {
    return;
  }
  stopping = true;
  const pids = new Set(started.map(({ pid }) => pid));
  const others = markedProcesses(process.env[runMarker] ?? "").filter(({ pid }) => !pids.has(pid));
  await stopTogether(others);
  await stopInTurn(started);
  process.exit(0);
}

function tell(event: GuardEvent): void {
  process.stdout.write(JSON.stringify(event) + "\n");
}

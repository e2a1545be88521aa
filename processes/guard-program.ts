/**
 * The guard: starts processes for a run and ends them when the run is gone.
 *
 * The channel to the run closes when the run ends, however it ends; then everything started here, and everything the run
 * itself started, is stopped, unless the run said `keep`.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import type { GuardEvent, GuardRequest, ProcessRequest } from "./guard.ts";
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
process.on("disconnect", () => void stopEverything());
process.on("message", (request: GuardRequest) => {
  if (request.request === "keep") process.exit(0);
  if (!stopping) start(request.id, request.what);
});

function start(id: number, what: ProcessRequest): void {
  mkdirSync(path.dirname(what.log), { recursive: true });
  const log = openSync(what.log, "a");
  const child = spawn(what.command, what.arguments, {
    cwd: what.directory,
    env: { ...process.env, ...what.environment },
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.once("error", (error) => tell({ event: "failed", id, message: error.message }));
  child.once("exit", (code, signal) => tell({ event: "exited", id, exit: { code, signal } }));
  if (child.pid === undefined) {
    return;
  }
  const identity = identify(child.pid);
  if (identity !== undefined) {
    started.push(identity);
    if (what.recordIn !== undefined) {
      const command = [what.command, ...what.arguments].join(" ");
      writeRecord(what.recordIn, { name: what.name, command, recordedAt: Date.now(), ...identity });
    }
  }
  tell({ event: "spawned", id, pid: child.pid });
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

/** A run that has ended hears nothing. */
function tell(event: GuardEvent): void {
  if (process.connected) process.send!(event, undefined, undefined, () => undefined);
}

import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { GuardEvent, GuardRequest, SpawnRequest } from "./guard-protocol.ts";
import { runMarker } from "./marker.ts";

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that the guard started. */
export interface GuardedProcess {
  pid: number;
  /** How it ended; undefined while it runs. */
  exit: Exit | undefined;
  /** Resolves when it ends. */
  exited: Promise<Exit>;
}

/** What to start: command, working directory, log. */
export type ProcessRequest = Omit<SpawnRequest, "request" | "id">;

/**
 * Starts the processes of this run, and outlives it by just long enough to stop them.
 *
 * The guard is a process of its own at the other end of a pipe. Whatever ends this run (an error, ctrl-C, `kill -9`)
 * closes the pipe, and the guard then stops all it started and all that this run started otherwise. A run that has done
 * its work says so by `keep` or `stop`; until then it does not end by itself.
 */
export interface Guard {
  start(request: ProcessRequest): Promise<GuardedProcess>;
  /** Leaves what was started running, and ends the guard. */
  keep(): Promise<void>;
  /** Stops what was started, and ends the guard. */
  stop(): Promise<void>;
}

/** Starts a guard. */
export function startGuard(): Guard {
  const run = randomUUID();
  process.env[runMarker] = run;
  return new PipedGuard(spawnGuard());
}

type GuardChild = ChildProcessByStdio<Writable, Readable, null>;

function spawnGuard(): GuardChild {
  const program = fileURLToPath(new URL("guard-program.ts", import.meta.url));
  return spawn(process.execPath, [program], { detached: true, stdio: ["pipe", "pipe", "ignore"] });
}

interface Pending {
  spawned: (pid: number) => void;
  failed: (error: Error) => void;
  exited: (exit: Exit) => void;
}

class PipedGuard implements Guard {
  readonly #child: GuardChild;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<unknown>;
  #last = 0;

  constructor(child: GuardChild) {
    this.#child = child;
    this.#ended = once(child, "exit");
    child.stdin.on("error", () => undefined);
    child.once("exit", () => this.#lose());
    createInterface({ input: child.stdout }).on("line", (line) =>
      this.#handle(JSON.parse(line) as GuardEvent),
    );
  }

  async start(request: ProcessRequest): Promise<GuardedProcess> {
    const id = ++this.#last;
    let end: (exit: Exit) => void;
    const exited = new Promise<Exit>((resolve) => (end = resolve));
    const pid = await new Promise<number>((resolve, reject) => {
      this.#pending.set(id, { spawned: resolve, failed: reject, exited: (exit) => end(exit) });
      this.#send({ request: "spawn", id, ...request });
    });
    const started: GuardedProcess = { pid, exit: undefined, exited };
    void exited.then((exit) => (started.exit = exit));
    return started;
  }

  async keep(): Promise<void> {
    this.#send({ request: "keep" });
    await this.#whenEnded();
  }

  async stop(): Promise<void> {
    this.#child.stdin.end();
    await this.#whenEnded();
  }

  async #whenEnded(): Promise<void> {
    await this.#ended;
  }

  #send(request: GuardRequest): void {
    this.#child.stdin.write(JSON.stringify(request) + "\n");
  }

  #handle(event: GuardEvent): void {
    const pending = this.#pending.get(event.id);
    switch (event.event) {
      case "spawned":
        return pending?.spawned(event.pid);
      case "failed":
        return pending?.failed(new Error(event.message));
      case "exited":
        return pending?.exited({ code: event.code, signal: event.signal });
    }
  }

  #lose(): void {
    for (const pending of this.#pending.values()) {
      pending.failed(new Error("the process that guards this run's processes has ended"));
      pending.exited({ code: null, signal: null });
    }
  }
}

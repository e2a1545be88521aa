import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { runMarker } from "./marker.ts";

/** What to start, in a process group of its own. */
export interface ProcessRequest {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  /** Added to the guard's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** File that standard output and standard error are appended to. */
  readonly log: string;
  /** Folder to leave a record in, for processes that may outlive the run. */
  readonly recordIn?: string;
}

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

/** What a run asks of its guard: to start a process, or to end and leave running what it started. */
export type GuardRequest = { request: "spawn"; id: number; what: ProcessRequest } | { request: "keep" };

/** What a guard tells its run. */
export type GuardEvent =
  | { event: "spawned"; id: number; pid: number }
  | { event: "failed"; id: number; message: string }
  | { event: "exited"; id: number; exit: Exit };

/**
 * Starts the processes of this run, and outlives it by just long enough to stop them.
 *
 * The guard is a process of its own at the other end of a channel. Whatever ends this run (an error, ctrl-C, `kill -9`)
 * closes the channel, and the guard then stops all it started and all that this run started otherwise. A run that has
 * done its work says so by `keep` or `stop`; until then it does not end by itself.
 */
export interface Guard {
  start(request: ProcessRequest): Promise<GuardedProcess>;
  /** Leaves what was started running, and ends the guard. */
  keep(): Promise<void>;
  /** Stops what was started, and ends the guard. */
  stop(): Promise<void>;
}

interface Pending {
  spawned: (pid: number) => void;
  failed: (error: Error) => void;
  exited: (exit: Exit) => void;
}

/** Starts a guard. */
export function startGuard(): Guard {
  process.env[runMarker] = randomUUID();
  const program = fileURLToPath(new URL("guard-program.ts", import.meta.url));
  const child = fork(program, { detached: true, execArgv: [], stdio: ["ignore", "ignore", "ignore", "ipc"] });
  const ended = once(child, "exit");
  const pending: Pending[] = [];

  child.on("message", (event: GuardEvent) => {
    const { spawned, failed, exited } = pending[event.id]!;
    switch (event.event) {
      case "spawned":
        return spawned(event.pid);
      case "failed":
        return failed(new Error(event.message));
      case "exited":
        return exited(event.exit);
    }
  });
  const lose = ({ failed, exited }: Pending) => {
    failed(new Error("the process that guards this run's processes has ended"));
    exited({ code: null, signal: null });
  };
  child.once("exit", () => pending.forEach(lose));

  return {
    async start(what) {
      const exit = Promise.withResolvers<Exit>();
      const spawn = Promise.withResolvers<number>();
      const id = pending.push({ spawned: spawn.resolve, failed: spawn.reject, exited: exit.resolve }) - 1;
      const request: GuardRequest = { request: "spawn", id, what };
      child.send(request, (error) => error && lose(pending[id]!));
      const started: GuardedProcess = { pid: await spawn.promise, exit: undefined, exited: exit.promise };
      void exit.promise.then((how) => (started.exit = how));
      return started;
    },
    async keep() {
      const request: GuardRequest = { request: "keep" };
      child.send(request, () => undefined);
      await ended;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

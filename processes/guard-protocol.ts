/**
 * Asks the guard to start a process in a process group of its own.
 */
export interface SpawnRequest {
  request: "spawn";
  id: number;
  name: string;
  command: string;
  arguments: readonly string[];
  directory: string;
  /** Added to the guard's own environment. */
  environment: Readonly<Record<string, string>>;
  /** File that standard output and standard error are appended to. */
  log: string;
  /** Folder to leave a record in, for processes that may outlive the run. */
  recordIn?: string;
}

/** What a run asks of its guard. `keep` ends the guard and leaves what it started running. */
export type GuardRequest = SpawnRequest | { request: "keep" };

/** What a guard tells its run. */
export type GuardEvent =
  | { event: "spawned"; id: number; pid: number }
  | { event: "failed"; id: number; message: string }
  | { event: "exited"; id: number; code: number | null; signal: NodeJS.Signals | null };

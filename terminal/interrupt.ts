import { EventEmitter, once } from "node:events";
import type { Log } from "./log.ts";
import type { Guard } from "../processes/guard.ts";

/** Exit code of a program that ctrl-C ended. */
const interruptedExitCode = 130;

/** What happens when a run is interrupted. */
export interface Interruption {
  guard: Guard;
  log: Log;
  /** Said at once. */
  stopping: string;
  /**
   * Wait for the work to end by itself, until a second ctrl-C: the programs it runs were interrupted too, as they share
   * the terminal. Otherwise what the run started is stopped at once.
   */
  patient: boolean;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs work that ctrl-C, a closed terminal or `kill` may end, and with it this program. */
export async function interruptible<T>(interruption: Interruption, work: () => Promise<T>): Promise<T> {
  const { guard, log, stopping, patient } = interruption;
  const heard = new EventEmitter();
  // These stay to the end: a library that Pulumi uses ends the program when it finds itself the only listener.
  const listener = () => heard.emit("signal");
  signals.forEach((signal) => process.on(signal, listener));
  const result = work();
  const interrupted = await Promise.race([result.then(() => false), once(heard, "signal").then(() => true)]);
  if (!interrupted) {
    signals.forEach((signal) => process.off(signal, listener));
    return result;
  }
  log.line(`\n${stopping}`);
  if (patient) {
    await Promise.race([result.catch(() => undefined), once(heard, "signal")]);
  }
  log.hush();
  await guard.stop();
  process.exit(interruptedExitCode);
}

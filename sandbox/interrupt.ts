import type { Log } from "../tools/log.ts";
import type { Guard } from "../tools/process/guard.ts";

/** Exit code of a program that ctrl-C ended. */
const interruptedExitCode = 130;

/**
 * Runs work that ctrl-C may end: then what the run started is stopped, and the program with it.
 *
 * @param stopping said when that happens
 */
export async function interruptible<T>(
  guard: Guard,
  log: Log,
  stopping: string,
  work: () => Promise<T>,
): Promise<T> {
  let end = () => undefined as void;
  const interrupted = new Promise<typeof wasInterrupted>((resolve) => (end = () => resolve(wasInterrupted)));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  signals.forEach((signal) => process.on(signal, end));
  const result = await Promise.race([work(), interrupted]);
  if (result !== wasInterrupted) {
    signals.forEach((signal) => process.off(signal, end));
    return result;
  }
  log.line(`\n${stopping}`);
  log.hush();
  await guard.stop();
  process.exit(interruptedExitCode);
}

const wasInterrupted = Symbol("interrupted");

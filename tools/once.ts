import { withLock } from "../processes/lock.ts";
import type { Log } from "../terminal/log.ts";

/** What this machine may lack, and how to get it. */
export interface Obtained {
  readonly isThere: () => boolean;
  /** File that is locked meanwhile. */
  readonly lock: string;
  /** What a run that does it is said to do, such as `downloads Kafka`. */
  readonly doing: string;
  readonly obtain: () => Promise<void>;
}

/** Obtains what is not there, in one run at a time: another one waits, and then has it. */
export async function obtainOnce({ isThere, lock, doing, obtain }: Obtained, log: Log): Promise<void> {
  if (isThere()) return;
  const waiting = (pid: number) => log.line(`Another run (process ${pid}) ${doing}; waiting for it.`);
  await withLock(lock, waiting, async () => {
    if (!isThere()) await obtain();
  });
}

import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors.ts";

/** How a wait goes on. */
export interface WaitOptions {
  /** Between two questions. @default 0.1 */
  readonly pauseSeconds?: number;
  /** Whether a failure ends the wait at once. @default none does */
  readonly isFinal?: (failure: unknown) => boolean;
}

/**
 * Asks again and again until the answer is neither undefined nor false, and returns it. A question that fails counts
 * as not yet answered.
 *
 * @param what completes "waited 60 s for …"
 * @throws UserError after the deadline, with the last failure
 */
export async function waitFor<T>(
  what: string,
  deadlineSeconds: number,
  question: () => Promise<T | undefined | false>,
  { pauseSeconds = 0.1, isFinal = () => false }: WaitOptions = {},
): Promise<T> {
  const deadline = Date.now() + deadlineSeconds * 1000;
  for (;;) {
    let failure = "";
    try {
      const answer = await question();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      if (isFinal(error)) throw error;
      failure = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    const left = deadline - Date.now();
    if (left <= 0) {
      throw new UserError(`Waited ${deadlineSeconds} s for ${what}, in vain${failure.replace(/\.$/, "")}.`);
    }
    await sleep(Math.min(pauseSeconds * 1000, left));
  }
}

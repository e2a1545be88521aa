import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors.ts";

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
): Promise<T> {
  const deadline = Date.now() + deadlineSeconds * 1000;
  for (;;) {
    let failure = "";
    try {
      const answer = await question();
      if (answer !== undefined && answer !== false) {
        return answer;
      }
    } catch (error) {
      failure = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() > deadline) {
      throw new UserError(`Waited ${deadlineSeconds} s for ${what}, in vain${failure}.`);
    }
    await sleep(100);
  }
}

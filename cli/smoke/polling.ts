import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import { AnsweredError, UnreachableError } from "../../clients/http.ts";

/** What an attempt saw. `final`: a later attempt will see nothing else. */
export type Attempt =
  | { readonly ok: true; readonly found: string }
  | { readonly ok: false; readonly seen: string; readonly final?: boolean };

const firstPause = 1;
const longestPause = 5;
const answerSeconds = 10;

/** Kept for the last answer, in milliseconds. */
const lastAnswerMs = 500;

/** How often in a row a server may not be reached. */
const patience = 3;

/** Seconds that an answer may take, so that it is there before the deadline. */
export const timeoutBefore = (deadline: number): number =>
  Math.max(0.2, Math.min(answerSeconds, (deadline - Date.now()) / 1000));

/**
 * Attempts again and again, with growing pauses, until it succeeds, fails for good, or the deadline is over.
 *
 * @param deadline - In milliseconds since 1970.
 * @throws UserError when the server refuses the question, or is not reached several times in a row.
 */
export async function poll(
  deadline: number,
  attempt: (timeoutSeconds: number) => Promise<Attempt>,
): Promise<Attempt> {
  let silent = 0;
  for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 1.5)) {
    const result = await attempt(timeoutBefore(deadline)).catch(asError);
    silent = result instanceof UnreachableError ? silent + 1 : 0;
    const left = deadline - Date.now();
    const isLast = left <= lastAnswerMs;
    if (result instanceof UserError) {
      if (isLast || silent >= patience || !mayPass(result)) throw result;
    } else if (isLast || result.ok || result.final) return result;
    await sleep(Math.min(pause * 1000, left - lastAnswerMs));
  }
}

function asError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}

/** A server that starts, or has too much to do, may answer otherwise later. */
const mayPass = (error: UserError): boolean =>
  error instanceof UnreachableError ||
  (error instanceof AnsweredError && (error.status >= 500 || error.status === 404 || error.status === 429));

import { setTimeout as sleep } from "node:timers/promises";
import { AnsweredError, UnreachableError } from "../../clients/http.ts";
import { UserError } from "../../errors.ts";
import type { Attempt, Check, CheckContext } from "./checks.ts";
import { gather, type Evidence } from "./evidence.ts";
import { problemOf, timed, type Outcome } from "./result.ts";

/** Seconds before the end of the run that are kept to ask for causes. */
export const reserveSeconds = 3;

/**
 * Attempts a check until it succeeds or fails for good.
 *
 * @param before - What the servers told before the trace was sent.
 * @param deadline - In milliseconds since 1970; the cause of a failure is looked for after it.
 */
export function carryOut(
  check: Check,
  context: CheckContext,
  before: Evidence,
  deadline: number,
): Promise<Outcome> {
  const begun = Date.now();
  return timed(async () => {
    try {
      const result = await poll(deadline, (timeout) => check.attempt(context, timeout));
      if (result.ok) return { status: "ok", found: result.found };
      const after = await gather(context.options, context.settings, reserveSeconds / 2);
      const cause = check.cause({ before, after }, context, (Date.now() - begun) / 1000);
      return { status: "failed", failure: { problem: result.seen, ...cause } };
    } catch (error) {
      return { status: "failed", failure: problemOf(error) };
    }
  });
}

/** Of a check whose trace was not taken: whether its server answers at all. */
export function reach(check: Check, context: CheckContext, deadline: number): Promise<Outcome> {
  return timed(async () => {
    try {
      await check.attempt(context, timeoutBefore(deadline));
      return { status: "not checked", found: "there is no trace" };
    } catch (error) {
      return { status: "failed", failure: problemOf(error) };
    }
  });
}

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
async function poll(
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

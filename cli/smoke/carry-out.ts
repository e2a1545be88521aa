import type { Bench, Check } from "./checks.ts";
import { gather, type Evidence } from "./evidence.ts";
import { poll, timeoutBefore } from "./polling.ts";
import { problemOf } from "./problem.ts";
import { timed, type Outcome } from "./result.ts";

/** Seconds before the end of the run that are kept to ask for causes. */
export const reserveSeconds = 3;

/**
 * Attempts a check until it succeeds or fails for good.
 *
 * @param before - What the servers told before the trace was sent.
 * @param deadline - In milliseconds since 1970; the cause of a failure is looked for after it.
 */
export function carryOut(check: Check, bench: Bench, before: Evidence, deadline: number): Promise<Outcome> {
  const begun = Date.now();
  return timed(async () => {
    try {
      const result = await poll(deadline, (timeout) => check.attempt(bench, timeout));
      if (result.ok) return { status: "ok", found: result.found };
      const after = await gather(bench.options, reserveSeconds / 2);
      const cause = check.cause({ before, after }, bench, (Date.now() - begun) / 1000);
      return { status: "failed", failure: { problem: result.seen, ...cause } };
    } catch (error) {
      return { status: "failed", failure: problemOf(error) };
    }
  });
}

/** Of a check whose trace was not taken: whether its server answers at all. */
export function reach(check: Check, bench: Bench, deadline: number): Promise<Outcome> {
  return timed(async () => {
    try {
      await check.attempt(bench, timeoutBefore(deadline));
      return { status: "not checked", found: "there is no trace" };
    } catch (error) {
      return { status: "failed", failure: problemOf(error) };
    }
  });
}

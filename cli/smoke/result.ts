import type { Problem } from "./problem.ts";

/** How a check ended. */
export interface Outcome {
  readonly status: "ok" | "failed" | "not checked";
  readonly seconds: number;
  /** What was found, or why it was not checked. */
  readonly found?: string;
  readonly failure?: Problem;
}

/** A check and how it ended. */
export interface Result extends Outcome {
  readonly check: string;
}

/** Everything that a run found out. */
export interface Report {
  readonly environment: string;
  /** Name of the probe's model and provider. */
  readonly id: string;
  readonly traceId: string;
  readonly seconds: number;
  readonly results: readonly Result[];
  /** What is no failure, but worth a look. */
  readonly notes: readonly string[];
}

/** Runs work that answers how a check ended, and measures its time. */
export async function timed(work: () => Promise<Omit<Outcome, "seconds">>): Promise<Outcome> {
  const begun = Date.now();
  const outcome = await work();
  return { ...outcome, seconds: (Date.now() - begun) / 1000 };
}

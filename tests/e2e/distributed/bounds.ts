import { callsOf } from "./counts.ts";
import type { Effects } from "./faults.ts";
import type { Asked, Tried } from "./traffic.ts";

/** Requests that may fail. */
interface Failing {
  /** Most seconds from the first to the last. */
  readonly seconds: number;
  /** What they are told. */
  readonly words: RegExp;
  /** Whether all refuse them; else the next one does not. */
  readonly everywhere?: boolean;
  /** Largest share of all. @default any */
  readonly share?: number;
}

/** What may go wrong while a fault lasts. What is not named must not. */
export interface Bounds {
  readonly refused?: Failing;
  readonly "by id"?: Failing;
  readonly search?: Failing;
  /** Most seconds from the first to the last question by id that does not find what was acknowledged 5 s to 60 s before. */
  readonly notFoundSeconds?: number;
  /** How many calls are counted, of those that were acknowledged; some always are. @default equal */
  readonly counted?: "equal" | "fewer" | "more";
}

/** Seconds from the first to the last of requests. */
export const gapOf = (tried: readonly Tried[]): number =>
  tried.length < 2
    ? 0
    : (Math.max(...tried.map(({ at }) => at)) - Math.min(...tried.map(({ at }) => at))) / 1000;

/** Chats that were refused by the one that they went to. */
export const refusedOf = ({ sent }: Effects): Tried[] => sent.filter(({ first }) => first !== "taken");

/** Questions to which the one that they went to had no answer. */
export const unansweredOf = ({ asked }: Effects, kind: Asked["kind"]): Asked[] =>
  asked.filter((each) => each.kind === kind && !["answered", "not found"].includes(each.first));

/** Questions by id that did not find what had been acknowledged. */
export const notFoundOf = ({ asked }: Effects): Asked[] => asked.filter(({ first }) => first === "not found");

/** In what the effects of a fault are beyond its bounds, in words. */
export function problemsOf(effects: Effects, bounds: Bounds): string[] {
  const { lost } = effects;
  const notFound = notFoundOf(effects);
  const { notFoundSeconds } = bounds;
  return [
    ...lost.map((id) => `${id} was acknowledged and is lost`),
    ...failures("a chat", refusedOf(effects), effects.sent, bounds.refused),
    ...(["by id", "search"] as const).flatMap((kind) =>
      failures(
        `a question (${kind})`,
        unansweredOf(effects, kind),
        effects.asked.filter((each) => each.kind === kind),
        bounds[kind],
      ),
    ),
    ...(notFound.length > 0 && (notFoundSeconds === undefined || gapOf(notFound) > notFoundSeconds)
      ? [`${notFound.length} were not found, for ${gapOf(notFound)} s`]
      : []),
  ];
}

/** In what the calls that were counted are not as a fault allows, in words. */
export function miscounted(
  { calls, model, sent }: Effects,
  found: number,
  { counted = "equal" }: Bounds,
): string[] {
  // What was refused may have been taken all the same.
  const most = callsOf(
    model,
    sent.map(({ trace }) => trace),
  );
  const isRight = {
    equal: found === calls,
    fewer: found > 0 && found <= calls,
    more: found >= calls && found < 1.2 * most,
  }[counted];
  return isRight ? [] : [`${found} of ${calls} calls are counted`];
}

function failures(
  what: string,
  failed: readonly Tried[],
  all: readonly Tried[],
  { seconds, words, everywhere = false, share = 1 }: Partial<Failing> = {},
): string[] {
  const gap = gapOf(failed);
  const done = ["taken", "answered", "not found"];
  const unexpected = failed.filter(
    ({ first, outcome }) => !words?.test(first) || (!everywhere && !done.includes(outcome)),
  );
  return [
    ...unexpected.map(({ first, outcome }) => `${what}: ${first}; then: ${outcome}`),
    ...(seconds !== undefined && gap > seconds ? [`${what}: for ${gap} s`] : []),
    ...(failed.length > share * all.length ? [`${what}: ${failed.length} of ${all.length}`] : []),
  ];
}

import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors.ts";
import { ingestionSlackSeconds } from "../telemetry/generator.ts";
import { exportSpans, type Payload } from "../clients/otlp.ts";
import { batchesByEnd, merged } from "./otlp.ts";
import type { Trace } from "./span.ts";

/** A trace, and when its request begins, in seconds after the replay's start. */
export interface ScheduledTrace {
  readonly trace: Trace;
  readonly at: number;
}

/** A trace that was sent, with its start in nanoseconds since 1970 as its spans have it. */
export interface Sent {
  readonly trace: Trace;
  readonly startedAt: bigint;
}

/** An export, and when it is due. */
export interface Delivery {
  /** Milliseconds since 1970. No span in it ends later. */
  readonly at: number;
  readonly payload: Payload;
}

/** What is sent, and when. */
export interface Plan {
  /** In the order of sending. */
  readonly deliveries: readonly Delivery[];
  /** In the order of the visits. */
  readonly sent: readonly Sent[];
}

/** How a replay uses its time. */
export interface Pace {
  /** Milliseconds since 1970. */
  readonly startAt: number;
  /** What waiting is divided by, as far as the slack allows. @default 1 */
  readonly compress?: number;
  /**
   * The most seconds that a span is sent after its end: less than {@link ingestionSlackSeconds}. @default 25
   */
  readonly slackSeconds?: number;
}

/**
 * Plans when the spans of each trace go out: at the moment they really end, or, compressed, sooner one after the
 * other.
 *
 * Durations in the data are always true, and no span ends in the future. So a compressed trace lies in the past: its
 * last span ends at the moment it is sent, and the earlier ones are sent late. The earliest may be late by the slack
 * and no more: a trace whose spans end within the slack can be sent at once, of a longer one the rest is waited for.
 */
export function plan(
  visits: readonly ScheduledTrace[],
  { startAt, compress = 1, slackSeconds = ingestionSlackSeconds - 5 }: Pace,
): Plan {
  const planned = visits.map(({ trace, at }) => {
    const ends = trace.spans.map(({ end }) => end);
    const first = Math.min(...ends);
    const last = Math.max(...ends);
    const stretch =
      last - first > slackSeconds ? Math.max(1 / compress, 1 - slackSeconds / (last - first)) : 1 / compress;
    const begin = (1000 * at) / compress;
    const sentAt = (end: number) => startAt + Math.ceil(begin + 1000 * end * stretch);
    const start = startAt + Math.floor(begin - 1000 * last * (1 - stretch));
    const startedAt = BigInt(start) * 1_000_000n;
    const deliveries = batchesByEnd(trace, startedAt).map(({ at: end, payload }) => ({
      at: sentAt(end),
      payload,
    }));
    return { sent: { trace, startedAt }, deliveries };
  });
  return {
    deliveries: planned.flatMap(({ deliveries }) => deliveries).sort((a, b) => a.at - b.at),
    sent: planned.map(({ sent }) => sent),
  };
}

/** Where a replay sends to, and how it reports. */
export interface ReplayOptions extends Partial<Pace> {
  /** OTLP/HTTP, such as `http://127.0.0.1:4318`. */
  readonly endpoint: string;
  /** Called after each export. */
  readonly onProgress?: (delivered: number, total: number) => void;
}

/** Exports that are due together go out as one, up to this many. */
const mostAtOnce = 200;

/** How long one export may take. */
const exportSeconds = 10;

/** How far a replay may fall behind its plan before Tempo stops counting its spans, in milliseconds. */
const patience = 4000;

/**
 * Sends traces in the order, and at the times, of their plan.
 *
 * @returns what was sent, once all of it is
 * @throws UserError when an export fails, or the replay cannot keep up
 */
export async function replay(
  visits: readonly ScheduledTrace[],
  options: ReplayOptions,
): Promise<readonly Sent[]> {
  const { endpoint, onProgress } = options;
  const { deliveries, sent } = plan(visits, { ...options, startAt: options.startAt ?? Date.now() });
  let next = 0;
  while (next < deliveries.length) {
    await sleepUntil(deliveries[next]!.at);
    const now = Date.now();
    if (now - deliveries[next]!.at > patience) {
      throw new UserError(
        `The replay fell ${now - deliveries[next]!.at} ms behind: ${endpoint} takes too long to answer.`,
      );
    }
    const due = deliveries.slice(next, next + mostAtOnce).filter(({ at }) => at <= now);
    await exportSpans(endpoint, merged(due.map(({ payload }) => payload)), exportSeconds);
    next += due.length;
    onProgress?.(next, deliveries.length);
  }
  return sent;
}

async function sleepUntil(at: number): Promise<void> {
  for (let wait = at - Date.now(); wait > 0; wait = at - Date.now()) {
    await sleep(wait);
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../../clients/ask.ts";
import type { Backends } from "../../clients/ask.ts";
import { traceById } from "../../clients/ask/tempo.ts";
import { UserError } from "../../errors.ts";
import type { Recorded, RecordedSpan, Recording } from "../../traffic/recorded.ts";
import { innerServerSpan } from "../../telemetry/generator.ts";
import { recordedTrace } from "./trace.ts";
import type { Cases } from "../../traffic/live/all.ts";
import { userAgentOf } from "../../traffic/live/client.ts";

/** The applications send the last spans of a trace this long after they ended. */
const exportSeconds = 10;

/** Tempo's search sees a trace this long after its last span. */
const searchSeconds = 90;

/** What the applications sent of each case, by the application that was asked. */
export type Recordings = Readonly<Record<Recorded, readonly Recording[]>>;

/**
 * What the applications sent of all cases, from Tempo.
 *
 * @param since seconds since 1970, before the first case was driven
 * @throws UserError when a case has left no trace
 */
export async function recordAll(backends: Backends, cases: Cases, since: number): Promise<Recordings> {
  await sleep(exportSeconds * 1000);
  // One after the other: Tempo refuses what exceeds its queue.
  const litellm = await recordCases(backends, cases.litellm, since);
  const litellmV1 = await recordV1(backends, cases.litellmV1, since);
  const openWebui = await recordCases(backends, cases.openWebui, since);
  // One poll is as the other.
  const [poll] = await tracesOf(backends, "idle", '{ trace:rootName = "connect" }', since);
  return { litellm, litellmV1, openWebui: [...openWebui, { name: "idle", spans: poll! }] };
}

async function recordCases(
  backends: Backends,
  cases: readonly { readonly name: string }[],
  since: number,
): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for (const { name } of cases) {
    const agent = JSON.stringify(userAgentOf(name));
    const traces = await tracesOf(backends, name, `{ span.user_agent.original = ${agent} }`, since);
    recordings.push({ name, spans: traces.flat() });
  }
  return recordings;
}

/** Tracing v1 writes no user agent: its traces are told apart by their order. */
async function recordV1(
  backends: Backends,
  cases: readonly { readonly name: string }[],
  since: number,
): Promise<Recording[]> {
  const inner = `{ name = "${innerServerSpan}" }`;
  const traces = await tracesOf(backends, "of tracing v1", inner, since, cases.length);
  return cases.map(({ name }, index) => ({ name, spans: traces[index]! }));
}

/** At least `count` traces, in the order of their beginning. */
async function tracesOf(
  backends: Backends,
  name: string,
  text: string,
  since: number,
  count = 1,
): Promise<RecordedSpan[][]> {
  const deadline = Date.now() + searchSeconds * 1000;
  for (;;) {
    const question = { from: since, to: Date.now() / 1000 + 60, variables: {} };
    const answer = await ask({ language: "traceql", text, limit: 100, spansPerTrace: 1 }, backends, question);
    const found = answer.kind === "traces" ? answer.traces : [];
    if (found.length >= count) {
      const traces: RecordedSpan[][] = [];
      for (const { traceID } of found) {
        traces.push(recordedTrace(await traceById(backends.tempo, traceID, {})));
      }
      return traces.sort((a, b) => Number(startOf(a) - startOf(b)));
    }
    if (Date.now() > deadline) {
      throw new UserError(`The case ${name} left no trace in Tempo within ${searchSeconds} s.`);
    }
    await sleep(1000);
  }
}

const startOf = (trace: readonly RecordedSpan[]): bigint => BigInt(trace[0]!.startTimeUnixNano);

import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../../clients/ask.ts";
import type { Servers } from "../../clients/question.ts";
import { traceById } from "../../clients/tempo.ts";
import { waitFor } from "../../clients/wait.ts";
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
export async function recordAll(servers: Servers, cases: Cases, since: number): Promise<Recordings> {
  await sleep(exportSeconds * 1000);
  // One after the other: Tempo refuses what exceeds its queue.
  const litellm = await recordCases(servers, cases.litellm, since);
  const litellmV1 = await recordV1(servers, cases.litellmV1, since);
  const openWebui = await recordCases(servers, cases.openWebui, since);
  // One poll is as the other.
  const [poll] = await tracesOf(servers, "idle", '{ trace:rootName = "connect" }', since);
  return { litellm, litellmV1, openWebui: [...openWebui, { name: "idle", spans: poll! }] };
}

async function recordCases(
  servers: Servers,
  cases: readonly { readonly name: string }[],
  since: number,
): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for (const { name } of cases) {
    const agent = JSON.stringify(userAgentOf(name));
    const traces = await tracesOf(servers, name, `{ span.user_agent.original = ${agent} }`, since);
    recordings.push({ name, spans: traces.flat() });
  }
  return recordings;
}

/** Tracing v1 writes no user agent: its traces are told apart by their order. */
async function recordV1(
  servers: Servers,
  cases: readonly { readonly name: string }[],
  since: number,
): Promise<Recording[]> {
  const inner = `{ name = "${innerServerSpan}" }`;
  const traces = await tracesOf(servers, "of tracing v1", inner, since, cases.length);
  return cases.map(({ name }, index) => ({ name, spans: traces[index]! }));
}

/** At least `count` traces, in the order of their beginning. */
async function tracesOf(
  servers: Servers,
  name: string,
  text: string,
  since: number,
  count = 1,
): Promise<RecordedSpan[][]> {
  const query = { language: "traceql", text, limit: 100, spansPerTrace: 1 } as const;
  const found = await waitFor(
    `the spans of the case ${name} in Tempo`,
    searchSeconds,
    async () => {
      const question = { from: since, to: Date.now() / 1000 + 60, variables: {} };
      const answer = await ask(query, servers, question);
      return answer.kind === "traces" && answer.traces.length >= count && answer.traces;
    },
    { pauseSeconds: 1 },
  );
  const traces: RecordedSpan[][] = [];
  for (const { traceID } of found) traces.push(recordedTrace(await traceById(servers.tempo, traceID, {})));
  return traces.sort((a, b) => Number(startOf(a) - startOf(b)));
}

const startOf = (trace: readonly RecordedSpan[]): bigint => BigInt(trace[0]!.startTimeUnixNano);

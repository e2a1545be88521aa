import { randomUUID } from "node:crypto";
import { AnsweredError, request, urlBelow, wordsOf } from "../../clients/http.ts";
import { merged, payloadEnding } from "../../traffic/otlp.ts";
import { collectorName } from "../../components/collector/ports.ts";
import { UserError } from "../../errors.ts";
import { readRecords } from "../../processes/records.ts";
import type { SandboxFolder } from "../../sandbox/folder.ts";
import { collector, tempo } from "../../sandbox/backend-services.ts";
import { readPorts, type Backends } from "../../sandbox/trace-backends.ts";
import { chats } from "../../traffic/chats.ts";
import type { Trace } from "../../traffic/span.ts";
import { encoded } from "./protobuf.ts";

/** A way of spans into Tempo. */
export interface Way {
  readonly name: string;
  /** Where spans are sent to, over HTTP. */
  readonly endpoint: string;
  /** The programs that do the work. */
  readonly programs: readonly Program[];
}

/** A program on a way. */
export interface Program {
  readonly pid: number;
  /**
   * Where it tells its own metrics.
   *
   * @default nowhere: only Linux is asked
   */
  readonly metrics?: string;
  /** The metric of its heap. */
  readonly heap: string;
}

/** Two ways that are compared. */
export interface TwoWays {
  readonly straight: Way;
  readonly through: Way;
}

/** Straight, and by one replica of the collector. */
export interface Ways extends TwoWays {
  /** The other replicas, of which nothing is asked. */
  readonly idle: readonly number[];
}

/**
 * The ways into the Tempo that runs.
 *
 * @throws UserError when no collector runs
 */
export function waysInto(backends: Backends, folder: SandboxFolder): Ways {
  const records = readRecords(folder.run);
  const pidOf = (name: string) => records.find((record) => record.name === name)?.pid;
  const pid = pidOf(tempo.name);
  const { name } = collector(0);
  const collectorPid = pidOf(name);
  const port = readPorts(folder)?.[`${name}-metrics`];
  if (pid === undefined || collectorPid === undefined || port === undefined) {
    throw new UserError("Tempo and a collector do not both run here: there are no two ways to compare.");
  }
  const end: Program = { pid, metrics: backends.tempo, heap: "go_memstats_heap_alloc_bytes" };
  const door: Program = {
    pid: collectorPid,
    metrics: `http://127.0.0.1:${port}`,
    heap: "otelcol_process_runtime_heap_alloc_bytes",
  };
  return {
    straight: { name: "straight to Tempo", endpoint: backends.tempoOtlpHttp, programs: [end] },
    through: { name: "through the collector", endpoint: backends.otlpHttp, programs: [end, door] },
    idle: records
      .filter((record) => record.name.startsWith(`${collectorName}-`) && record.name !== name)
      .map((record) => record.pid),
  };
}

/** What was measured on both ways. */
export interface Pair<T> {
  readonly straight: T;
  readonly through: T;
}

/** Measures both ways one after the other: what the first leaves to be done hits the second, so each is first in turn. */
export async function both<T>(
  { straight, through }: TwoWays,
  run: number,
  measure: (way: Way) => Promise<T>,
): Promise<Pair<T>> {
  if (run % 2 === 0) return { straight: await measure(straight), through: await measure(through) };
  return { through: await measure(through), straight: await measure(straight) };
}

/** So many chats as Tempo is sized by, none of which was there before. */
export const newChats = (count: number): Trace[] =>
  Array.from({ length: count }, () => chats.chatWithTitle({ seed: randomUUID(), duration: 3 }));

/** Chats that just ended, as one export. */
export const exportOf = (traces: readonly Trace[]): Buffer<ArrayBuffer> =>
  encoded(merged(traces.map((trace) => payloadEnding(trace, Date.now()))));

/**
 * Sends an export.
 *
 * @throws AnsweredError when it is refused: what refuses is measured at its limit, and not at its cost
 */
export async function send({ endpoint }: Way, body: Buffer<ArrayBuffer>): Promise<void> {
  const { status, text } = await request("OTLP", urlBelow(endpoint, "/v1/traces"), {
    headers: { "content-type": "application/x-protobuf" },
    body,
  });
  if (status !== 200) throw new AnsweredError("OTLP", status, wordsOf(text));
}

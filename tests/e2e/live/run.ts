import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../../../clients/ask.ts";
import { traceById } from "../../../clients/tempo.ts";
import { recordAll, type Recordings } from "../../../cli/record/cases.ts";
import { recordedTrace } from "../../../cli/record/trace.ts";
import type { Backends } from "../../../sandbox/trace-backends.ts";
import { streamLog } from "../../../terminal/log.ts";
import { startGuard } from "../../../processes/guard.ts";
import type { Visit } from "../../../traffic/live/client.ts";
import { allOf, casesOf, drive, withPlatform } from "../../../traffic/live/all.ts";
import type { RecordedSpan } from "../../../traffic/recorded.ts";
import { asSent } from "../../../traffic/retell.ts";
import type { Sent } from "../../../traffic/replay.ts";
import { settingsOf } from "../../contract/product.ts";
import type { TestCluster } from "../harness.ts";
import { counted } from "../values/counting.ts";
import type { Run } from "../values/run.ts";

/** Settings with which Tempo gets what the applications send, as it is recorded. */
export const straight = {
  collector: { enabled: false },
  privacy: { mode: "off", reason: "to compare it with what is recorded" },
} as const;

/** What the real applications did, and what was seen of it. */
export interface LiveRun extends Run {
  /** Spans by case. */
  readonly recordings: Recordings;
  /** Requests from outside, in the order in which they were made. */
  readonly visits: readonly Visit[];
}

const log = streamLog(process.stderr);

/**
 * Starts the real applications, drives every case, ends them, and waits until all is counted. All of it twice: Tempo
 * begins the sum of a series with its first value, which an increase then lacks, so the first round makes every series
 * and the second one is counted.
 */
export async function runLive({ sandbox }: TestCluster, backends: Backends): Promise<LiveRun> {
  const begin = Math.floor(Date.now() / 1000);
  await driveAll(sandbox.folder, backends, begin);
  const before = await everything(backends, begin);
  const tracesOf = (all: readonly Sent[]) => all.map(({ trace }) => trace);
  const from = await counted(backends.prometheus, tracesOf(before), 120);
  const { visits, recordings } = await driveAll(sandbox.folder, backends, Math.ceil(from));
  const all = await everything(backends, begin);
  const to = await counted(backends.prometheus, tracesOf(all), 120);
  const sent = all.filter(({ trace }) => !before.some((earlier) => earlier.trace.id === trace.id));
  return { backends, sent, counted: tracesOf(sent), window: [from, to], visits, recordings };
}

async function driveAll(
  folder: TestCluster["sandbox"]["folder"],
  backends: Backends,
  since: number,
): Promise<Pick<LiveRun, "visits" | "recordings">> {
  // The applications end before the test cluster does.
  const guard = startGuard();
  try {
    return await withPlatform(
      { guard, log, folder, backends, settings: settingsOf("dev", straight) },
      async (platform) => {
        const cases = await casesOf(platform);
        const visits: Visit[] = [];
        await log.step("Driving every case", 75, async () => {
          for (const each of allOf(cases)) visits.push(...(await drive(platform, each)).visits);
        });
        return { visits, recordings: await recordAll(backends, cases, since) };
      },
    );
  } finally {
    await guard.stop();
  }
}

/** Every trace that Tempo has, once it gets no more. */
async function everything(backends: Backends, from: number): Promise<Sent[]> {
  const query = { language: "traceql", text: "{ }", limit: 5000, spansPerTrace: 1 } as const;
  for (let before = -1; ;) {
    // Longer than Tempo's search takes to see a trace.
    await sleep(15_000);
    const answer = await ask(query, backends, { from, to: Date.now() / 1000, variables: {} });
    const traces = answer.kind === "traces" ? answer.traces : [];
    if (traces.length > before) {
      before = traces.length;
      continue;
    }
    const all: RecordedSpan[][] = [];
    for (const { traceID } of traces) all.push(recordedTrace(await traceById(backends.tempo, traceID, {})));
    return all.map(asSent);
  }
}

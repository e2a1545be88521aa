import type { Backends } from "../../../sandbox/trace-backends.ts";
import type { SettingsTree } from "../../../engine/overrides.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { replay } from "../../../traffic/replay.ts";
import type { Sent } from "../../../traffic/replay.ts";
import type { Trace } from "../../../traffic/span.ts";
import type { TestCluster } from "../harness.ts";
import { counted } from "./counting.ts";
import { disturb, nextScrape, type Scrape, type Strays } from "./scrapes.ts";
import { asKept, compress, isIdle, traffic, warmUp } from "./traffic.ts";

/** Traffic that was sent to what is deployed, and the window in which exactly it was counted. */
export interface Run {
  readonly backends: Backends;
  /** All that was sent and not dropped, the warm-up among it: for what Tempo computes from the traces. */
  readonly sent: readonly Sent[];
  /** What was sent after the warm-up: for what Prometheus counted. */
  readonly counted: readonly Trace[];
  /** When that count begins and ends, in seconds since 1970: two moments at which Tempo collected. */
  readonly window: readonly [from: number, to: number];
  /** Whether several generators counted, each of which collects at moments of its own. */
  readonly several?: true;
}

/** Strays that are sent before the count begins, which makes their series, and within it. */
export const strays = [
  { lone: 1, late: 1 },
  { lone: 200, late: 50 },
] as const satisfies readonly Strays[];

/** A run with Tempo's own metrics of its beginning and its end. */
export interface ScrapedRun extends Run {
  readonly scrapes: readonly [Scrape, Scrape];
  /** How many traces, of one span each, the collector dropped. */
  readonly dropped: number;
}

/** Deploys to the test cluster, with Tempo waiting so long for the second half of a call. */
export async function deploy(
  cluster: TestCluster,
  longestAnswer: string,
  sections: SettingsTree = {},
): Promise<void> {
  const { tempo } = await sandboxSettings();
  await (await cluster.openStack({ tempo: { ...tempo, longestAnswer }, ...sections })).up();
}

/** The same with Tempo's own metrics of its beginning and its end, of a Tempo that is one process. */
export async function countTraffic(backends: Backends): Promise<ScrapedRun> {
  let begin: Scrape | undefined;
  const run = await countSpans(backends, async () => void (begin = await nextScrape(backends)));
  return { ...run, scrapes: [begin!, await nextScrape(backends)] };
}

/**
 * Sends the traffic, and waits until it is counted.
 *
 * Remote write forwards nothing that is older than its own start, so series that begin with Tempo lack the 0 they
 * begin with, and an increase of theirs lacks its first value. Hence the warm-up: it makes every series, and the
 * counting begins after it.
 *
 * @param atBegin - what is done at the beginning of the count
 */
export async function countSpans(
  backends: Backends,
  atBegin: () => Promise<void> = () => Promise.resolve(),
): Promise<Run & Pick<ScrapedRun, "dropped">> {
  const { prometheus, otlpHttp: endpoint, tempoOtlpHttp } = backends;
  const isKept = (trace: Trace) => endpoint === tempoOtlpHttp || !isIdle(trace);
  await disturb(backends, strays[0]);
  const before = await replay(warmUp, { endpoint });
  const traces = (of: readonly { trace: Trace }[]) => of.map(({ trace }) => trace).filter(isKept);
  const from = await counted(prometheus, traces(warmUp), 120);
  await atBegin();
  await disturb(backends, strays[1]);
  const sent = await replay(traffic, { endpoint, compress });
  const to = await counted(prometheus, traces([...warmUp, ...traffic]), 120);
  const all = [...before, ...sent];
  const kept = all
    .filter(({ trace }) => isKept(trace))
    .map(({ trace, ...each }) => ({ ...each, trace: endpoint === tempoOtlpHttp ? trace : asKept(trace) }));
  const dropped = all.length - kept.length;
  return { backends, sent: kept, dropped, counted: traces(traffic), window: [from, to] };
}

import { setTimeout as sleep } from "node:timers/promises";
import { request, urlBelow } from "../../clients/http.ts";
import { UserError } from "../../errors.ts";
import type { Backends } from "../../sandbox/trace-backends.ts";
import type { SandboxFolder } from "../../sandbox/folder.ts";
import type { Figure } from "./figure.ts";
import { measureLatency } from "./latency.ts";
import { checkNothingDropped, closedAfterSeconds } from "./load.ts";
import type { Report } from "./report.ts";
import { askItself, cpuSeconds, memoryMegabytes } from "./usage.ts";
import {
  both,
  exportOf,
  newChats,
  send,
  waysInto,
  type Pair,
  type TwoWays,
  type Way,
  type Ways,
} from "./ways.ts";

/** After one that warms up. With those of the latency, all chats are fewer than Tempo keeps open. */
const rounds = 5;
const chatsPerRound = 500;
/** An SDK's export has at most 512 spans. */
const chatsPerExport = 5;
const senders = 8;
/** How often is looked how far it is. */
const lookMilliseconds = 200;
/** Until all is in Tempo. */
const deadlineSeconds = 90;
/** What is left to do after the last span is in Tempo: to take it out of the queue. */
const restMilliseconds = 500;
/** The part at whose end the rate is taken: the last batch waits to be full. */
const most = 0.9;

/** What sending costs on a way. */
export interface Cost {
  /** Spans a second until the last was answered. */
  readonly answered: number;
  /** Spans a second until nearly all were in Tempo. */
  readonly arrived: number;
  readonly cpuSeconds: number;
  /** The most at a time, of all programs, in MB. */
  readonly heap: number;
  readonly memory: number;
  /** The same without Tempo's. */
  readonly ownHeap: number;
  readonly ownMemory: number;
}

/** What is there of a way at a moment. */
interface State extends Pick<Cost, "heap" | "memory" | "ownHeap" | "ownMemory"> {
  /** In Tempo since its start. */
  readonly spans: number;
}

/** How many spans were in Tempo, so many seconds after the first was sent. */
export interface Look {
  readonly at: number;
  readonly spans: number;
}

/**
 * What the collector costs: both ways in turn, so that whatever else this machine does hits both, and of each round the
 * ratio.
 */
export async function measureCollector(
  report: Report,
  backends: Backends,
  folder: SandboxFolder,
): Promise<void> {
  const ways = await report.attempt("the collector's cost", 0, () =>
    Promise.resolve(waysInto(backends, folder)),
  );
  if (!ways) return;
  await report.measure("sending both ways", 60, () => compare(ways));
  await measureLatency(report, ways, backends);
  await report.attempt("whether Tempo kept all of it", closedAfterSeconds, async () => {
    await sleep(closedAfterSeconds * 1000);
    checkNothingDropped((await request("Tempo", urlBelow(backends.tempo, "/metrics"))).text);
  });
}

/** Both ways in turn, without the round that warms up. */
export async function costs(ways: TwoWays): Promise<Pair<Cost>[]> {
  const all: Pair<Cost>[] = [];
  for (let round = 0; round <= rounds; round++) all.push(await both(ways, round, cost));
  return all.slice(1);
}

async function compare(ways: Ways): Promise<Figure[]> {
  return [
    ...ratios(await costs(ways)),
    { name: "another replica, idle", values: ways.idle.map(memoryMegabytes), unit: "MB" },
  ];
}

/** Rounds as figures: of a kind of cost the ratio. */
export const ratio = (all: readonly Pair<Cost>[], name: string, key: keyof Cost): Figure => ({
  name,
  values: all.map(({ straight, through }) => through[key] / straight[key]),
  unit: "×",
});

/** Of each kind of cost, through the collector to straight. */
export function ratios(all: readonly Pair<Cost>[]): Figure[] {
  const figure = (name: string, key: keyof Cost) => ratio(all, `through to straight: ${name}`, key);
  const own = (name: string, key: keyof Cost): Figure => ({
    name: `the collector's own ${name}`,
    values: all.map(({ through }) => through[key]),
    unit: "MB",
  });
  return [
    figure("spans a second, answered", "answered"),
    figure("spans a second, into Tempo", "arrived"),
    figure("CPU seconds", "cpuSeconds"),
    figure("heap", "heap"),
    figure("memory without mapped files", "memory"),
    own("heap", "ownHeap"),
    own("memory without mapped files", "ownMemory"),
  ];
}

async function cost(way: Way): Promise<Cost> {
  const traces = newChats(chatsPerRound);
  const spans = traces.reduce((sum, trace) => sum + trace.spans.length, 0);
  const bodies = Array.from({ length: chatsPerRound / chatsPerExport }, (_, index) =>
    exportOf(traces.slice(index * chatsPerExport, (index + 1) * chatsPerExport)),
  );
  const cpu = () => way.programs.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
  const before = await look(way);
  const cpuBefore = cpu();
  const start = performance.now();
  const since = () => (performance.now() - start) / 1000;
  let over = false;
  const left = [...bodies];
  const sender = async () => {
    for (let body = left.pop(); body && !over; body = left.pop()) await send(way, body);
  };
  const sent = Promise.all(Array.from({ length: senders }, sender)).then(since);
  const states: (State & Look)[] = [{ ...before, at: 0, spans: 0 }];
  const arrival = async () => {
    while (states.at(-1)!.spans < spans && !over) {
      if (since() > deadlineSeconds) {
        throw new UserError(
          `Tempo had ${states.at(-1)!.spans} of ${spans} spans after ${deadlineSeconds} s, ${way.name}.`,
        );
      }
      await sleep(lookMilliseconds);
      const state = await look(way);
      states.push({ ...state, at: since(), spans: state.spans - before.spans });
    }
  };
  try {
    const [answered] = await Promise.all([sent, arrival()]);
    await sleep(restMilliseconds);
    const peak = (key: keyof State) => Math.max(...states.map((state) => state[key]));
    return {
      answered: spans / answered,
      arrived: (most * spans) / reached(states, most * spans),
      cpuSeconds: cpu() - cpuBefore,
      heap: peak("heap"),
      memory: peak("memory"),
      ownHeap: peak("ownHeap"),
      ownMemory: peak("ownMemory"),
    };
  } finally {
    // So that what fails does not load what is measured next.
    over = true;
  }
}

async function look({ programs }: Way): Promise<State> {
  const all = await Promise.all(
    programs.map(async ({ pid, metrics, heap }) => {
      const told = metrics === undefined ? undefined : await askItself(metrics);
      return {
        heap: (told?.sum(heap) ?? NaN) / 2 ** 20,
        memory: memoryMegabytes(pid),
        // Until it has got a span, Tempo tells of none.
        spans: told?.sum("tempo_distributor_spans_received_total") ?? 0,
      };
    }),
  );
  const total = (programs: typeof all, key: keyof (typeof all)[number]) =>
    programs.reduce((sum, program) => sum + program[key], 0);
  const own = all.slice(1);
  return {
    spans: total(all, "spans"),
    heap: total(all, "heap"),
    memory: total(all, "memory"),
    ownHeap: total(own, "heap"),
    ownMemory: total(own, "memory"),
  };
}

/** When so many spans were there, in seconds, taken to have come evenly between two looks. */
export function reached(looks: readonly Look[], spans: number): number {
  const index = looks.findIndex((one) => one.spans >= spans);
  const [before, after] = [looks[index - 1], looks[index]];
  if (!before || !after) return NaN;
  return before.at + ((after.at - before.at) * (spans - before.spans)) / (after.spans - before.spans);
}

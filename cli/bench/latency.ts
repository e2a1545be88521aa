import { waitFor } from "../../clients/wait.ts";
import { spansOfTrace } from "../../clients/tempo.ts";
import type { Backends } from "../../sandbox/trace-backends.ts";
import { quantile, seconds, type Figure } from "./figure.ts";
import type { Report } from "./report.ts";
import { both, exportOf, newChats, send, type Pair, type Way, type Ways } from "./ways.ts";

const rounds = 5;
/** Of each way in a round. */
const answersPerRound = 40;
const tracesFound = 15;

/** What the collector adds to the time until a chat's spans are answered, and until they are in Tempo. One chat at a time. */
export async function measureLatency(report: Report, ways: Ways, { tempo }: Backends): Promise<void> {
  await report.measure("answers to one sender", 10, async () => {
    const answers = () => repeated(ways, answersPerRound, (way) => answer(way));
    await answers();
    const all: Pair<number[]>[] = [];
    for (let round = 0; round < rounds; round++) {
      const pairs = await answers();
      all.push({
        straight: pairs.map(({ straight }) => straight),
        through: pairs.map(({ through }) => through),
      });
    }
    return [0.5, 0.95].flatMap((part) =>
      compared(
        `answered, p${100 * part}`,
        all.map(({ straight, through }) => ({
          straight: quantile(straight, part),
          through: quantile(through, part),
        })),
      ),
    );
  });
  await report.measure("spans found by their trace's id", 20, async () =>
    compared("found by id", await repeated(ways, tracesFound, (way) => find(way, tempo))),
  );
}

async function repeated<T>(ways: Ways, times: number, measure: (way: Way) => Promise<T>): Promise<Pair<T>[]> {
  const pairs = [];
  for (let run = 0; run < times; run++) pairs.push(await both(ways, run, measure));
  return pairs;
}

async function answer(way: Way): Promise<number> {
  const body = exportOf(newChats(1));
  return seconds(() => send(way, body));
}

async function find(way: Way, tempo: string): Promise<number> {
  const traces = newChats(1);
  const body = exportOf(traces);
  const { id, spans } = traces[0]!;
  const whole = async () => (await spansOfTrace(tempo, id, {})) >= spans.length;
  return seconds(async () => {
    await send(way, body);
    await waitFor("all spans of a chat in Tempo", 30, whole, { pauseSeconds: 0.02 });
  });
}

/** The ratio, and what it is in time. */
const compared = (name: string, pairs: readonly Pair<number>[]): Figure[] => [
  {
    name: `through to straight: ${name}`,
    values: pairs.map(({ straight, through }) => through / straight),
    unit: "×",
  },
  {
    name: `added: ${name}`,
    values: pairs.map(({ straight, through }) => 1000 * (through - straight)),
    unit: "ms",
  },
];

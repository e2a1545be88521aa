import { samplesOf, queryNow } from "../../../clients/prometheus.ts";
import { waitFor } from "../../../clients/wait.ts";
import { scale } from "./hastened.ts";

/** Something that goes wrong, and the alerts that are to tell of it. */
export interface Fault {
  readonly what: string;
  /**
   * Names of the alerts, a burn's with its long window, and in which time they are to fire, in seconds of the rules that
   * are deployed: shorter here by the scale.
   */
  readonly alerts: Readonly<Record<string, number>>;
  begin(): Promise<unknown> | void;
  end(): Promise<unknown> | void;
}

/** When an alert fired, in seconds since its fault began, and was resolved, in seconds since the fault ended. */
export interface Times {
  readonly fired: number;
  readonly resolved: number;
}

/** What came of a fault. */
export interface Observed {
  readonly fault: Fault;
  readonly found: ReadonlyMap<string, Times>;
}

/** For collections, deliveries, scrapes and evaluations, on a busy machine, in seconds. */
const slackSeconds = 20;

const hour = 3600;

/** The longest window that a resolved alert still sees here, two hours, and as much again for a busy machine. */
export const resolvedSeconds = 4 * hour * scale;

/** Seconds after a fault's begin by which an alert is to fire here, where it is to within so many of the deployed rules. */
export const dueSeconds = (seconds: number): number => seconds * scale + slackSeconds;

const firing = 'ALERTS{alertstate="firing"}';

const nameOf = ({ alertname, long }: Readonly<Record<string, string>>): string =>
  long === undefined ? alertname! : `${alertname} over ${long}`;

/** Has something go wrong until all its alerts fired, and waits until none fires any more. */
export async function observe(prometheus: string, fault: Fault): Promise<Observed> {
  const began = Date.now() / 1000;
  const fired = async () => {
    const times = new Map<string, { first: number; last: number }>();
    for (const { labels, points } of await samplesOf(prometheus, firing, Date.now() / 1000 - began, 30)) {
      const name = nameOf(labels);
      const known = times.get(name) ?? { first: Infinity, last: 0 };
      times.set(name, {
        first: Math.min(known.first, points[0]![0]),
        last: Math.max(known.last, points.at(-1)![0]),
      });
    }
    return times;
  };
  await fault.begin();
  const wanted = Object.keys(fault.alerts);
  const patience = 3 * dueSeconds(Math.max(0, ...Object.values(fault.alerts)));
  // What did not fire is found by the comparison.
  await waitFor(
    fault.what,
    patience,
    async () => {
      const times = await fired();
      return wanted.every((name) => times.has(name));
    },
    { pauseSeconds: 0.5 },
  ).catch(() => undefined);
  const ended = Date.now() / 1000;
  await fault.end();
  const stillFiring = async () =>
    new Set((await queryNow(prometheus, firing, 30)).map(({ labels }) => nameOf(labels)));
  await waitFor("nothing to fire", resolvedSeconds, async () => (await stillFiring()).size === 0, {
    pauseSeconds: 0.5,
  }).catch(() => undefined);
  const still = await stillFiring();
  return {
    fault,
    found: new Map(
      [...(await fired())].map(([name, { first, last }]) => [
        name,
        { fired: first - began, resolved: still.has(name) ? Infinity : Math.max(0, last - ended) },
      ]),
    ),
  };
}

/** Faults and alerts as a table of text. */
export function table(all: readonly Observed[]): string {
  const rows = all.flatMap(({ fault, found }) => {
    const names = new Set([...Object.keys(fault.alerts), ...found.keys()]);
    const first = names.size === 0 ? [[fault.what, "none", "none", "", "", ""]] : [];
    return [
      ...first,
      ...[...names].map((name, index) => {
        const within = fault.alerts[name];
        const times = found.get(name);
        return [
          index === 0 ? fault.what : "",
          within === undefined ? `none (${name})` : name,
          times ? "fires" : "NOTHING",
          within === undefined ? "" : dueSeconds(within).toFixed(0),
          times?.fired.toFixed(0) ?? "",
          times?.resolved.toFixed(0) ?? "",
        ];
      }),
    ];
  });
  const head = ["fault", "alert expected", "found", "due within s", "fired after s", "resolved after s"];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  return [head, widths.map((width) => "-".repeat(width)), ...rows]
    .map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`)
    .join("\n");
}

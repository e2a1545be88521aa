import { ask, unchosen } from "../../../clients/ask.ts";
import type { Question } from "../../../clients/question.ts";
import type { Query, Signals } from "../../../telemetry/signals.ts";
import { agree } from "./agreement.ts";
import { signals } from "./product.ts";
import { prometheusPanels } from "./prometheus-panels.ts";
import type { Lines } from "./prometheus-panels.ts";
import { inWords, record } from "./record.ts";
import type { Run } from "./run.ts";

/** Signals, and what the panels of some of them must show. */
export interface Shown {
  readonly signals: Signals;
  readonly panels: Partial<typeof prometheusPanels>;
  /** How far a quantile may be off, as a share of it; no further than another value, unless it is given. */
  readonly resolution?: number;
}

/** Graphs of the dashboard that Prometheus answers, over exactly the window in which the traffic was counted. */
export function describeGraphs(run: () => Run, shown: Shown = { signals, panels: prometheusPanels }): void {
  for (const [id, expectations] of Object.entries(shown.panels)) {
    const { title, queries } = shown.signals[id as keyof typeof prometheusPanels];
    queries.forEach((query, index) => {
      const name = queries.length > 1 ? `${title}, ${query.legend}` : title;
      it(`shows ${name}`, async () => {
        const { backends, counted, window } = run();
        const expected = expectations[index]!({ traces: counted, seconds: window[1] - window[0] });
        const asked = { ...query, text: exactly(query.text, run()) };
        const found = await lines(asked, backends, atTheEnd(window));
        agree(found, expected, query.text.includes("histogram_quantile") ? shown.resolution : undefined);
        record(name, inWords(expected), inWords(found));
      });
    });
  }
}

/**
 * One point, at the last collection; the rates' window reaches a millisecond behind the first. A Prometheus from 3.0
 * leaves out a sample at the very beginning of a window.
 */
export const atTheEnd = ([from, to]: Run["window"]): Question => {
  const window = `${Math.round(1000 * (to - from)) + 1}ms`;
  return {
    from: to,
    to,
    variables: { ...unchosen, environment: "dev", interval: window, __range: window, traceId: "" },
  };
};

/**
 * A query whose growth is that from one end of the window to the other, where several generators counted: at both, nothing is on its way.
 * `rate` and `increase` guess what was between a generator's first and last collection and these.
 */
export const exactly = (
  text: string,
  { window: [from, to], several }: Pick<Run, "window" | "several">,
): string =>
  several
    ? text.replace(/\b(rate|increase)\((.+?)\[(?:\$\w+|\w+)\]\)/g, (_, how: string, series: string) => {
        const growth = `(${series} @ ${to} - ${series} @ ${from} or ${series} @ ${to})`;
        return how === "rate" ? `(${growth} / ${to - from})` : growth;
      })
    : text;

/** The last value of each line, by its labels. */
export async function lines(query: Query, backends: Run["backends"], question: Question): Promise<Lines> {
  const answer = await ask(query, backends, question);
  if (answer.kind !== "series") throw new Error(`The answer is ${answer.kind}, no series.`);
  return Object.fromEntries(
    answer.series.map(({ labels, points }) => [Object.values(labels).join(" → "), points.at(-1)![1]]),
  );
}

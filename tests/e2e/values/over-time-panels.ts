import assert from "node:assert/strict";
import { ask } from "../../../clients/ask.ts";
import { everything, type ShareQuery, type TraceqlMetricsQuery } from "../../../telemetry/signals.ts";
import { agree, eventually, isClose } from "./agreement.ts";
import { lines } from "./graphs.ts";
import { lately, pointsOf } from "./over-time.ts";
import type { Points } from "./over-time.ts";
import type { Lines } from "./prometheus-panels.ts";
import { signals } from "./product.ts";
import { inWords, record } from "./record.ts";
import type { Run } from "./run.ts";
import { tempoPanels, totalPanels, userPanels } from "./tempo-panels.ts";
import type { OverTime } from "./tempo-panels.ts";

/** Width of a point where the panel leaves it to Grafana: the least that it chooses, over less than an hour. */
const grafanasStep = 15;

/** Graphs of the dashboard that Tempo answers from the traces themselves, the warm-up's among them. */
export function describeGraphsOverTime(run: () => Run): void {
  for (const [id, panel] of Object.entries(tempoPanels)) {
    shows(signals[id as keyof typeof tempoPanels], everything, panel, run);
  }
  for (const [id, panelOf] of Object.entries(userPanels)) {
    for (const user of [everything, "user-2"]) {
      shows(signals[id as keyof typeof userPanels], user, panelOf(user), run);
    }
  }
}

function shows(
  { title, queries: [query] }: { title: string; queries: readonly [TraceqlMetricsQuery | ShareQuery] },
  user: string,
  panel: OverTime,
  run: () => Run,
): void {
  const step = ("part" in query ? query.part : query).stepSeconds ?? grafanasStep;
  const name = user === everything ? title : `${title}, only ${user}`;
  it(`shows ${name}`, async () => {
    const { backends, sent } = run();
    const expected = panel(sent, step);
    let found: Points = {};
    await eventually(60, async () => {
      const question = lately(sent, { user }, step);
      const answer = await ask(query, backends, question);
      assert.ok(answer.kind === "series");
      found = pointsOf(answer.series);
      agreeOverTime(found, expected, step);
    });
    record(name, inWords(summary(expected)), inWords(summary(found)));
  });
}

/** Panels of one value for the whole time range, which Tempo computes from the traces. */
export function describeTotals(run: () => Run): void {
  for (const [id, panel] of Object.entries(totalPanels)) {
    const { title, queries } = signals[id as keyof typeof totalPanels];
    it(`shows ${title} ${id}`, async () => {
      const { backends, sent } = run();
      const expected = panel(sent);
      let found: Lines = {};
      await eventually(60, async () => {
        found = await lines(queries[0], backends, lately(sent));
        agree(found, expected);
      });
      record(`${title} (${id})`, inWords(expected), inWords(found));
    });
  }
}

/** Requires the same points of the same lines. Tempo 2 dates a point by the beginning of its step, Tempo 3 by the end. */
export function agreeOverTime(found: Points, expected: Points, step: number): void {
  const later = Object.fromEntries(
    Object.entries(expected).map(([line, points]) => [
      line,
      points.map(([at, value]) => [at + step, value] as const),
    ]),
  );
  if (!isSame(found, expected) && !isSame(found, later)) assert.deepEqual(found, expected);
}

const isSame = (found: Points, expected: Points): boolean =>
  Object.keys(found).length === Object.keys(expected).length &&
  Object.entries(expected).every(
    ([line, points]) =>
      points.length === found[line]?.length &&
      points.every(([at, value], index) => {
        const [foundAt, foundValue] = found[line]![index]!;
        return at === foundAt && isClose(foundValue, value);
      }),
  );

/** The mean of a line's points: the table has room for one value. */
const summary = (points: Points): Record<string, number> =>
  Object.fromEntries(
    Object.entries(points).map(([line, ofLine]) => [
      line,
      ofLine.reduce((total, [, value]) => total + value, 0) / ofLine.length,
    ]),
  );

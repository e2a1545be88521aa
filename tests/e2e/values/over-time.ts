import { unchosen } from "../../../clients/ask.ts";
import type { Question, Series } from "../../../clients/question.ts";
import type { Sent } from "../../../traffic/replay.ts";
import type { TracedSpan } from "../../../traffic/span.ts";

/** A span, and when it began, in seconds since 1970. */
export interface Dated {
  readonly span: TracedSpan;
  readonly began: number;
}

/** Points by line, each the seconds since 1970 at which its step begins, and its value. */
export type Points = Readonly<Record<string, readonly (readonly [seconds: number, value: number])[]>>;

/** Every span that was sent. */
export const dated = (sent: readonly Sent[]): Dated[] =>
  sent.flatMap(({ trace, startedAt }) =>
    trace.spans.map((span) => ({ span, began: Number(startedAt) / 1e9 + span.start })),
  );

/** Spans put together by line and by the step in which they began. Points that are 0 are left out, as Tempo does. */
export function perStep(
  spans: readonly Dated[],
  {
    step,
    line,
    value,
  }: { step: number; line: (span: TracedSpan) => string; value: (spans: TracedSpan[]) => number },
): Points {
  const lines = Object.groupBy(spans, ({ span }) => line(span));
  const entries = Object.entries(lines).map(([name, ofLine]) => {
    const steps = Map.groupBy(ofLine!, ({ began }) => Math.floor(began / step) * step);
    const points = [...steps].map(([at, group]) => [at, value(group.map(({ span }) => span))] as const);
    return [name, points.filter(([, amount]) => amount !== 0).sort(([a], [b]) => a - b)] as const;
  });
  return Object.fromEntries(entries.filter(([, points]) => points.length > 0));
}

/** What Tempo answered, in the same form. Of floats it may leave a rest that is as good as 0. */
export const pointsOf = (series: readonly Series[]): Points =>
  Object.fromEntries(
    series
      .map(
        ({ labels, points }) =>
          [seriesName(labels), points.filter(([, value]) => Math.abs(value) > 1e-12)] as const,
      )
      .filter(([, points]) => points.length > 0),
  );

/** The values of the labels, in the order of the labels' names. */
const seriesName = (labels: Series["labels"]): string =>
  Object.entries(labels)
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([, value]) => value)
    .join(" ");

/**
 * Everything since the first trace began, and at least two steps: over a single one the oldest supported Tempo
 * answers nothing.
 */
export function lately(sent: readonly Sent[], variables: Question["variables"] = {}, step = 0): Question {
  const began = Math.min(...sent.map(({ startedAt }) => Number(startedAt) / 1e9));
  const to = Date.now() / 1000;
  return {
    from: Math.min(began, to - 2 * step),
    to,
    variables: { ...unchosen, environment: "dev", ...variables },
  };
}

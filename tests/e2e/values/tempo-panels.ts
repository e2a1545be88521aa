import { attributes, type Attribute } from "../../../telemetry/attributes.ts";
import { everything, type Signals } from "../../../telemetry/signals.ts";
import type { Sent } from "../../../traffic/replay.ts";
import { durationOf, isModelCall } from "../../../traffic/span.ts";
import type { TracedSpan } from "../../../traffic/span.ts";
import { dated, perStep } from "./over-time.ts";
import type { Points } from "./over-time.ts";
import type { Lines } from "./prometheus-panels.ts";

/** A panel's values over time, with points so many seconds wide. */
export type OverTime = (sent: readonly Sent[], step: number) => Points;

/** What each panel of Tempo's own metrics must show, by plain arithmetic on the spans. */
export const tempoPanels = {
  timeToFirstToken: byModel(attributes.timeToFirstChunk, average),
  timeToFirstTokenMax: byModel(attributes.timeToFirstChunk, (values) => Math.max(...values)),
  lateAnswers: (sent, step) =>
    perStep(
      modelCalls(sent).filter(({ span }) => has(attributes.timeToFirstChunk)(span)),
      {
        step,
        line: text(attributes.providerModel),
        value: (spans) =>
          (100 * spans.map(number(attributes.timeToFirstChunk)).filter((late) => late > 2).length) /
          spans.length,
      },
    ),
  firstTokenByModel: byModel(attributes.timeToFirstChunk, average),
  tokensPerCallByModel: byModel(attributes.outputTokens, average, wrote),
  firstTokenNow: over(attributes.timeToFirstChunk, average, () => "avg_over_time"),
  tokensNow: over(attributes.outputTokens, sum, () => "sum_over_time"),
  outputTokens: byModel(attributes.outputTokens, sum),
  tokensPerCall: byModel(attributes.outputTokens, average, wrote),
  cost: byModel(attributes.costTotal, sum),
  embeddingRate: embeddings((seconds) => seconds.length),
  embeddingDuration: embeddings(average),
} satisfies Partial<Record<keyof Signals, OverTime>>;

/** What each panel of one value for the whole time range must show, line by line. */
export const totalPanels = {
  costNow: totals(attributes.costTotal, sum, () => "sum_over_time"),
  costByModel: totals(attributes.costTotal, sum, text(attributes.providerModel)),
  ...ranking("costBy", attributes.costTotal),
  ...ranking("tokensBy", attributes.outputTokens),
} satisfies Partial<Record<keyof Signals, (sent: readonly Sent[]) => Lines>>;

function ranking<T extends string>(name: T, attribute: Attribute) {
  const by = (whose: Attribute) => totals(attribute, sum, text(whose), has(whose));
  return {
    [`${name}User`]: by(attributes.userId),
    [`${name}Team`]: by(attributes.teamAlias),
    [`${name}Key`]: by(attributes.keyAlias),
  } as Record<`${T}${"User" | "Team" | "Key"}`, (sent: readonly Sent[]) => Lines>;
}

function totals(
  attribute: Attribute,
  value: (values: number[]) => number,
  line: (span: TracedSpan) => string,
  wanted: (span: TracedSpan) => boolean = () => true,
): (sent: readonly Sent[]) => Lines {
  return (sent) => {
    const spans = modelCalls(sent)
      .map(({ span }) => span)
      .filter((span) => has(attribute)(span) && wanted(span));
    return Object.fromEntries(
      Object.entries(Object.groupBy(spans, line)).map(([name, group]) => [
        name,
        value(group!.map(number(attribute))),
      ]),
    );
  };
}

/** The same for the panels by user; of all users when all are chosen. */
export const userPanels = {
  userCalls: (user: string) =>
    byUser(
      user,
      () => true,
      (spans) => spans.length,
    ),
  userTokens: (user: string) =>
    byUser(user, has(attributes.outputTokens), (spans) => sum(spans.map(number(attributes.outputTokens)))),
} satisfies Partial<Record<keyof Signals, (user: string) => OverTime>>;

function byModel(
  attribute: Attribute,
  value: (values: number[]) => number,
  wanted?: (span: TracedSpan) => boolean,
): OverTime {
  return over(attribute, value, text(attributes.providerModel), wanted);
}

/** Of the calls that have an attribute, what its values make, line by line. */
function over(
  attribute: Attribute,
  value: (values: number[]) => number,
  line: (span: TracedSpan) => string,
  wanted: (span: TracedSpan) => boolean = () => true,
): OverTime {
  return (sent, step) =>
    perStep(
      modelCalls(sent).filter(({ span }) => has(attribute)(span) && wanted(span)),
      { step, line, value: (spans) => value(spans.map(number(attribute))) },
    );
}

/** Whether a call ended well, with an answer that was not empty. */
function wrote(span: TracedSpan): boolean {
  return span.status !== "error" && number(attributes.outputTokens)(span) > 0;
}

function embeddings(value: (seconds: number[]) => number): OverTime {
  return (sent, step) =>
    perStep(
      dated(sent).filter(
        ({ span }) =>
          span.kind === "server" &&
          text(attributes.httpRoute)(span).endsWith("/embeddings") &&
          span.status !== "error" &&
          has(attributes.requestModel)(span),
      ),
      {
        step,
        line: text(attributes.requestModel),
        value: (spans) => value(spans.map(durationOf)),
      },
    );
}

function byUser(
  user: string,
  wanted: (span: TracedSpan) => boolean,
  value: (spans: TracedSpan[]) => number,
): OverTime {
  const attribute = attributes.userId;
  const line = text(attribute);
  return (sent, step) =>
    perStep(
      modelCalls(sent).filter(
        ({ span }) => has(attribute)(span) && wanted(span) && (user === everything || line(span) === user),
      ),
      { step, line, value },
    );
}

const modelCalls = (sent: readonly Sent[]) => dated(sent).filter(({ span }) => isModelCall(span));

function has(attribute: Attribute): (span: TracedSpan) => boolean {
  return (span) => span.attributes[attribute.name] !== undefined;
}

function number(attribute: Attribute): (span: TracedSpan) => number {
  return (span) => Number(span.attributes[attribute.name]);
}

function text(attribute: Attribute): (span: TracedSpan) => string {
  return (span) => String(span.attributes[attribute.name]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function average(values: readonly number[]): number {
  return sum(values) / values.length;
}

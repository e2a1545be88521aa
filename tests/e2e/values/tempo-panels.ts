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
  timeToFirstToken: byModel("gen_ai.response.time_to_first_chunk", average),
  timeToFirstTokenMax: byModel("gen_ai.response.time_to_first_chunk", (values) => Math.max(...values)),
  lateAnswers: (sent, step) =>
    perStep(
      modelCalls(sent).filter(({ span }) => has("gen_ai.response.time_to_first_chunk")(span)),
      {
        step,
        line: text("litellm.provider.model"),
        value: (spans) =>
          (100 * spans.map(number("gen_ai.response.time_to_first_chunk")).filter((late) => late > 2).length) /
          spans.length,
      },
    ),
  firstTokenByModel: byModel("gen_ai.response.time_to_first_chunk", average),
  tokensPerCallByModel: byModel("gen_ai.usage.output_tokens", average, wrote),
  firstTokenNow: over("gen_ai.response.time_to_first_chunk", average, () => "avg_over_time"),
  tokensNow: over("gen_ai.usage.output_tokens", sum, () => "sum_over_time"),
  outputTokens: byModel("gen_ai.usage.output_tokens", sum),
  tokensPerCall: byModel("gen_ai.usage.output_tokens", average, wrote),
  cost: byModel("litellm.cost.total", sum),
  embeddingRate: embeddings((seconds) => seconds.length),
  embeddingDuration: embeddings(average),
} satisfies Partial<Record<keyof Signals, OverTime>>;

/** What each panel of one value for the whole time range must show, line by line. */
export const totalPanels = {
  costNow: totals("litellm.cost.total", sum, () => "sum_over_time"),
  costByModel: totals("litellm.cost.total", sum, text("litellm.provider.model")),
  ...ranking("costBy", "litellm.cost.total"),
  ...ranking("tokensBy", "gen_ai.usage.output_tokens"),
} satisfies Partial<Record<keyof Signals, (sent: readonly Sent[]) => Lines>>;

function ranking<T extends string>(name: T, attribute: string) {
  const by = (whose: string) => totals(attribute, sum, text(whose), has(whose));
  return {
    [`${name}User`]: by("litellm.metadata.user_api_key_user_id"),
    [`${name}Team`]: by("litellm.team.alias"),
    [`${name}Key`]: by("litellm.metadata.user_api_key_alias"),
  } as Record<`${T}${"User" | "Team" | "Key"}`, (sent: readonly Sent[]) => Lines>;
}

function totals(
  attribute: string,
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
    byUser(user, has("gen_ai.usage.output_tokens"), (spans) =>
      sum(spans.map(number("gen_ai.usage.output_tokens"))),
    ),
} satisfies Partial<Record<keyof Signals, (user: string) => OverTime>>;

function byModel(
  attribute: string,
  value: (values: number[]) => number,
  wanted?: (span: TracedSpan) => boolean,
): OverTime {
  return over(attribute, value, text("litellm.provider.model"), wanted);
}

/** Of the calls that have an attribute, what its values make, line by line. */
function over(
  attribute: string,
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
function wrote({ status, attributes }: TracedSpan): boolean {
  return status !== "error" && Number(attributes["gen_ai.usage.output_tokens"]) > 0;
}

function embeddings(value: (seconds: number[]) => number): OverTime {
  return (sent, step) =>
    perStep(
      dated(sent).filter(
        ({ span }) =>
          span.kind === "server" &&
          String(span.attributes["http.route"]).endsWith("/embeddings") &&
          span.status !== "error" &&
          has("gen_ai.request.model")(span),
      ),
      {
        step,
        line: text("gen_ai.request.model"),
        value: (spans) => value(spans.map(durationOf)),
      },
    );
}

function byUser(
  user: string,
  wanted: (span: TracedSpan) => boolean,
  value: (spans: TracedSpan[]) => number,
): OverTime {
  const attribute = "litellm.metadata.user_api_key_user_id";
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

function has(attribute: string): (span: TracedSpan) => boolean {
  return ({ attributes }) => attributes[attribute] !== undefined;
}

function number(attribute: string): (span: TracedSpan) => number {
  return ({ attributes }) => Number(attributes[attribute]);
}

function text(attribute: string): (span: TracedSpan) => string {
  return ({ attributes }) => String(attributes[attribute]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function average(values: readonly number[]): number {
  return sum(values) / values.length;
}

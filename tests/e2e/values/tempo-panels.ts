import type { Signals } from "../../../telemetry/signals.ts";
import type { Sent } from "../../../traffic/replay.ts";
import { durationOf, isModelCall } from "../../../traffic/span.ts";
import type { TracedSpan } from "../../../traffic/span.ts";
import { dated, perStep } from "./over-time.ts";
import type { Points } from "./over-time.ts";

/** A panel's values over time, with points so many seconds wide. */
export type OverTime = (sent: readonly Sent[], step: number) => Points;

/** What each panel of Tempo's own metrics must show, by plain arithmetic on the spans. */
export const tempoPanels = {
  timeToFirstToken: byModel("gen_ai.response.time_to_first_chunk", average),
  timeToFirstTokenMax: byModel("gen_ai.response.time_to_first_chunk", (values) => Math.max(...values)),
  outputTokens: byModel("gen_ai.usage.output_tokens", sum),
  tokensPerCall: byModel("gen_ai.usage.output_tokens", average, wrote),
  cost: byModel("litellm.cost.total", sum),
  embeddingRate: embeddings((seconds) => seconds.length),
  embeddingDuration: embeddings(average),
} satisfies Partial<Record<keyof Signals, OverTime>>;

/** The same for the panels by user; of all users when none is named. */
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
  wanted: (span: TracedSpan) => boolean = () => true,
): OverTime {
  return (sent, step) =>
    perStep(
      modelCalls(sent).filter(({ span }) => has(attribute)(span) && wanted(span)),
      {
        step,
        line: text("litellm.provider.model"),
        value: (spans) => value(spans.map(number(attribute))),
      },
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
          String(span.attributes["http.route"]).endsWith("/embeddings") && span.status !== "error",
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
  const line = text("litellm.metadata.user_api_key_user_id");
  return (sent, step) =>
    perStep(
      modelCalls(sent).filter(({ span }) => wanted(span) && (user === "" || line(span) === user)),
      { step, line, value },
    );
}

const modelCalls = (sent: readonly Sent[]) => dated(sent).filter(({ span }) => isModelCall(span));

const has =
  (attribute: string) =>
  ({ attributes }: TracedSpan): boolean =>
    attributes[attribute] !== undefined;

const number =
  (attribute: string) =>
  ({ attributes }: TracedSpan): number =>
    Number(attributes[attribute]);

const text =
  (attribute: string) =>
  ({ attributes }: TracedSpan): string =>
    String(attributes[attribute]);

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function average(values: readonly number[]): number {
  return sum(values) / values.length;
}

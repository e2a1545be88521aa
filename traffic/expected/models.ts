import { attributes as known } from "../../telemetry/attributes.ts";
import type { Attribute } from "../../telemetry/attributes.ts";
import { durationOf, isDatabaseCall } from "../span.ts";
import type { Trace, TracedSpan } from "../span.ts";
import { countedSpans, modelCalls } from "./requests.ts";

/** What a group of model calls used. */
export interface Usage {
  readonly calls: number;
  readonly errors: number;
  readonly seconds: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Dollars. */
  readonly cost: number;
  /** Seconds to the first chunk, of the calls that streamed one; absent where none did. */
  readonly timeToFirstChunk?: { readonly average: number; readonly maximum: number };
}

/** Model calls by model, under its provider's name. LiteLLM v1 marks no model calls: its requests are not in it. */
export const byModel = (traces: readonly Trace[]): Record<string, Usage> => by(traces, known.providerModel);

/** Model calls by user. */
export const byUser = (traces: readonly Trace[]): Record<string, Usage> => by(traces, known.userId);

/** Failed model calls by exception class. A request that was refused before the model was called is none. */
export const failuresByClass = (traces: readonly Trace[]): Record<string, number> =>
  Object.fromEntries(
    groups(
      modelCalls(traces).filter(({ status }) => status === "error"),
      known.errorType,
    ).map(([type, spans]) => [type, spans.length]),
  );

/** Time spent in database calls, by the service that made them, in seconds. */
export const databaseSeconds = (traces: readonly Trace[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(
      Object.groupBy(countedSpans(traces).filter(isDatabaseCall), ({ service }) => service.name),
    ).map(([service, spans]) => [service, sum(spans!.map(durationOf))]),
  );

const by = (traces: readonly Trace[], attribute: Attribute): Record<string, Usage> =>
  Object.fromEntries(groups(modelCalls(traces), attribute).map(([value, spans]) => [value, usage(spans)]));

function usage(spans: readonly TracedSpan[]): Usage {
  const firstChunks = numbers(spans, known.timeToFirstChunk);
  return {
    calls: spans.length,
    errors: spans.filter(({ status }) => status === "error").length,
    seconds: sum(spans.map(durationOf)),
    inputTokens: sum(numbers(spans, known.inputTokens)),
    outputTokens: sum(numbers(spans, known.outputTokens)),
    cost: sum(numbers(spans, known.costTotal)),
    ...(firstChunks.length > 0 && {
      timeToFirstChunk: { average: sum(firstChunks) / firstChunks.length, maximum: Math.max(...firstChunks) },
    }),
  };
}

const groups = (spans: readonly TracedSpan[], { name }: Attribute): [string, TracedSpan[]][] =>
  Object.entries(Object.groupBy(spans, ({ attributes }) => String(attributes[name]))) as [
    string,
    TracedSpan[],
  ][];

const numbers = (spans: readonly TracedSpan[], { name }: Attribute): number[] =>
  spans.map(({ attributes }) => attributes[name]).filter((value) => typeof value === "number");

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

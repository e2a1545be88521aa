import { attributes as known } from "../../../telemetry/attributes.ts";
import { endOf } from "../../../traffic/span.ts";
import type { Trace, TracedSpan } from "../../../traffic/span.ts";
import { durationOf } from "../../../traffic/span.ts";
import { perStep } from "./over-time.ts";
import type { Dated, Points } from "./over-time.ts";
import { documentedTraceId } from "./traffic.ts";

/** What a query of the documents must find. */
export type Expectation =
  /** The traces it finds; beside them it may find those of `orElse`, where Tempo's blocks decide. */
  | { readonly traces: (trace: Trace) => boolean; readonly orElse?: (trace: Trace) => boolean }
  | { readonly points: (spans: readonly Dated[], step: number) => Points }
  /** The least and the most that each point may be, where Tempo is not exact. */
  | { readonly within: (spans: readonly Dated[], step: number) => readonly [Points, Points] };

type Condition = (span: TracedSpan) => boolean;

const any =
  (...conditions: Condition[]): ((trace: Trace) => boolean) =>
  ({ spans }) =>
    spans.some((span) => conditions.every((condition) => condition(span)));

const of =
  (service: string): Condition =>
  (span) =>
    span.service.name === service;
const isKind =
  (kind: TracedSpan["kind"]): Condition =>
  (span) =>
    span.kind === kind;
const takes =
  (seconds: number): Condition =>
  (span) =>
    durationOf(span) > seconds;
const has =
  (attribute: string, value: RegExp): Condition =>
  ({ attributes }) =>
    value.test(String(attributes[attribute] ?? ""));
const isError: Condition = ({ status }) => status === "error";
const litellm = of("litellm");
const openWebui = of("open-webui");
const model = known.requestModel.name;
const hasOperation = has(known.operation.name, /./);

const perModel = (
  spans: readonly Dated[],
  step: number,
  value: (seconds: number[]) => number,
  prefix = "",
): Points =>
  perStep(
    spans.filter(({ span }) => litellm(span) && hasOperation(span) && !isError(span)),
    {
      step,
      line: ({ attributes }) => `${prefix}${String(attributes[model])}`,
      value: (ofModel) => value(ofModel.map(durationOf)),
    },
  );

const perService = (spans: readonly Dated[], condition: Condition, step: number, divisor = 1): Points =>
  perStep(
    spans.filter(({ span }) => condition(span)),
    { step, line: ({ service }) => service.name, value: (ofService) => ofService.length / divisor },
  );

/** A limit of Tempo's median and p95, given the durations and the one at the quantile's rank. */
const quantiles = (
  spans: readonly Dated[],
  step: number,
  limit: (atRank: number, all: readonly number[]) => number,
): Points => {
  const points = [0.5, 0.95].map((quantile) =>
    perModel(spans, step, (seconds) => limit(nearestRank(quantile, seconds), seconds), `${quantile} `),
  );
  return Object.assign({}, ...points) as Points;
};

const nearestRank = (quantile: number, values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(quantile * values.length) - 1]!;

/** The longest duration in a lower power of two of nanoseconds, from which Tempo interpolates; else half the duration. */
const longestBelow = (atRank: number, all: readonly number[]): number => {
  const power = (seconds: number) => Math.ceil(Math.log2(seconds * 1e9));
  const below = all.filter((seconds) => power(seconds) < power(atRank));
  return below.length > 0 ? Math.max(...below) : atRank / 2;
};

/**
 * A trace that goes on for longer is in several pieces, of which Tempo's structural operators see one at a time, until
 * the pieces have come into one block.
 */
const piecesAfterSeconds = 10;

/** Whether LiteLLM failed somewhere below Open WebUI. */
const failedBelow = (trace: Trace): boolean =>
  openWebui(trace.spans[0]!) && trace.spans.some((span) => litellm(span) && isError(span));

/** Every query that README and docs print for the reader to use. */
export const documented: Readonly<Record<string, Expectation>> = {
  '{ resource.service.name = "litellm" && span:kind = server && span:duration > 5s } with (most_recent=true)':
    {
      traces: any(litellm, isKind("server"), takes(5)),
    },
  '{ resource.service.name = "litellm" && span.gen_ai.request.model = "qwen2.5-coder:14b" && span:duration > 10s }':
    {
      traces: any(litellm, has(model, /^qwen2\.5-coder:14b$/), takes(10)),
    },
  '{ resource.service.name = "litellm" && span:kind = server && trace:duration > 5s } with (most_recent=true)':
    {
      traces: (trace) => any(litellm, isKind("server"))(trace) && endOf(trace) > 5,
    },
  '{ resource.service.name = "litellm" && span:status = error } with (most_recent=true)': {
    traces: any(litellm, isError),
  },
  '{ resource.service.name = "litellm" && span:kind = server && span.http.response.status_code >= 500 }': {
    traces: any(litellm, isKind("server"), has(known.httpStatusCode.name, /^5/)),
  },
  '{ resource.service.name = "litellm" && span:kind = server && span.litellm.provider.error.llm_provider != nil }':
    { traces: any(litellm, isKind("server"), has(known.errorProvider.name, /./)) },
  '{ resource.service.name = "litellm" && span:kind = server && span:status = error && span.http.response.status_code = 200 }':
    { traces: any(litellm, isKind("server"), isError, has(known.httpStatusCode.name, /^200$/)) },
  '{ resource.service.name = "litellm" && span:status = error } | select(span.error.type, span.http.response.status_code, span.litellm.provider.error.llm_provider)':
    { traces: any(litellm, isError) },
  '{ resource.service.name = "litellm" && span:status = error } | select(span:statusMessage, span.error.type, span.error.message)':
    { traces: any(litellm, isError) },
  '{ resource.service.name = "litellm" && span.gen_ai.operation.name != nil && span.gen_ai.request.model = "llama3.2:3b" }':
    { traces: any(litellm, hasOperation, has(model, /^llama3\.2:3b$/)) },
  '{ resource.service.name = "litellm" && span.gen_ai.request.model =~ "qwen.*" && span:duration > 3s }': {
    traces: any(litellm, has(model, /^qwen/), takes(3)),
  },
  '{ span.litellm.metadata.user_api_key_user_id = "admin" || span.litellm.metadata.user_api_key_end_user_id = "admin" }':
    { traces: any(has(known.userId.name, /^admin$/)) },
  '{ resource.service.name = "open-webui" && span.client.user.id = "admin" }': {
    traces: any(openWebui, has(known.clientId.name, /^admin$/)),
  },
  '{ span.gen_ai.conversation.id = "abc123" }': { traces: any(has(known.conversation.name, /^abc123$/)) },
  '{ resource.service.name = "litellm" && trace:duration > 1m } with (most_recent=true)': {
    traces: (trace) => trace.spans.some(litellm) && endOf(trace) > 60,
  },
  '{ resource.service.name = "litellm" && span:status = error }': { traces: any(litellm, isError) },
  '{ resource.service.name = "open-webui" && span:kind = client && span:name = "connect" }': {
    traces: any(openWebui, isKind("client"), ({ name }) => name === "connect"),
  },
  '{ resource.service.name = "litellm" && span:kind = client && span.gen_ai.provider.name =~ "(?i)ollama.*" }':
    {
      traces: any(litellm, isKind("client"), has(known.provider.name, /^ollama/)),
    },
  '{ resource.service.name = "open-webui" } >> { resource.service.name = "litellm" && span:status = error }':
    {
      traces: (trace) => failedBelow(trace) && endOf(trace) < piecesAfterSeconds,
      orElse: failedBelow,
    },
  "{ span:kind = server } | count_over_time() by (resource.service.name)": {
    points: (spans, step) => perService(spans, isKind("server"), step),
  },
  '{ resource.service.name = "litellm" && span.gen_ai.operation.name != nil && span:status != error } | avg_over_time(span:duration) by (span.gen_ai.request.model)':
    { points: (spans, step) => perModel(spans, step, mean) },
  "{ span:status = error } | rate() by (resource.service.name)": {
    points: (spans, step) => perService(spans, isError, step, step),
  },
  '{ resource.service.name = "litellm" && span.gen_ai.operation.name != nil && span:status != error } | quantile_over_time(span:duration, 0.5, 0.95) by (span.gen_ai.request.model)':
    {
      within: (spans, step) => [
        quantiles(spans, step, longestBelow),
        quantiles(spans, step, (atRank) => 2 * atRank),
      ],
    },
  [`{ trace:id = "${documentedTraceId}" }`]: { traces: ({ id }) => id === documentedTraceId },
};

const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length;

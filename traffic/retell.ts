import { attributes as known } from "../telemetry/attributes.ts";
import { spanId, traceId } from "./ids.ts";
import type { Sent } from "./replay.ts";
import { textOf, type RecordedAttributes, type RecordedSpan, type RecordedValue } from "./recorded.ts";
import { isModelCall, type Attributes, type AttributeValue, type Trace, type TracedSpan } from "./span.ts";

/** A model as LiteLLM offers it, and as its provider knows it. */
export interface Model {
  /** Name users ask for: LiteLLM's model group. */
  readonly name: string;
  /** LiteLLM's provider, such as `ollama_chat`. */
  readonly provider: string;
  /** Name at the provider, such as `llama3.1:8b`. */
  readonly deployment: string;
}

/** A model that Ollama serves. */
export const ollama = (name: string, tag: string): Model => ({
  name,
  provider: "ollama_chat",
  deployment: `${name}:${tag}`,
});

/** How a recorded trace is told again. What is not given stays as it was recorded. */
export interface Retelling extends Changes {
  /** The same seed gives the same ids. */
  readonly seed: string;
  /** Zeros the trace id begins with; Tempo's search drops them. @default 0 */
  readonly leadingZeros?: number;
}

interface Changes {
  /** Seconds that LiteLLM's request for the answer takes: as much longer or shorter as the call to the model. */
  readonly duration?: number;
  /** `service.name` of Open WebUI. */
  readonly openWebui?: string;
  /** `service.name` of LiteLLM. */
  readonly litellm?: string;
  /** `deployment.environment` of both. */
  readonly environment?: string;
  /** Of every request and call that names a model. */
  readonly model?: Model;
  /** Id of the user. */
  readonly user?: string;
  /** Id of the chat. */
  readonly chat?: string;
  /** Of the answers that were recorded with tokens; a title keeps its own. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Dollars, of the same. */
  readonly cost?: number;
  /** Seconds to the first token of a streamed answer. */
  readonly timeToFirstChunk?: number;
}

/**
 * Tells a recorded trace again: with ids of its own, as long as asked, of another user, model or environment. Spans,
 * attributes, their types, events and statuses are those that the applications sent.
 *
 * @throws RangeError when a first token is to come after the last, or a request cannot be so short
 */
export function retell(recorded: readonly RecordedSpan[], options: Retelling): Trace {
  const { seed, leadingZeros = 0 } = options;
  const clock = clockOf(recorded, options);
  const ids = new Map(recorded.map((span, index) => [span.spanId, spanId(seed, String(index))]));
  return {
    id: traceId(seed, leadingZeros),
    spans: recorded.map((span) => retold(span, ids, clock, options)),
  };
}

function retold(
  span: RecordedSpan,
  ids: ReadonlyMap<string, string>,
  clock: Clock,
  options: Changes,
): TracedSpan {
  const { [known.serviceName.name]: service, ...resource } = plain(span.resource);
  const parentId = ids.get(span.parentSpanId);
  const doubles = Object.keys(span.attributes).filter((name) => span.attributes[name]!.type === "double");
  return {
    id: ids.get(span.spanId)!,
    ...(parentId !== undefined && { parentId }),
    service: { name: serviceName(String(service), options), resource: inEnvironment(resource, options) },
    scope: span.scope.name,
    name: spanName(span.name, options),
    kind: span.kind,
    start: clock.at(span.startTimeUnixNano),
    end: clock.at(span.endTimeUnixNano),
    status: span.status.code,
    statusMessage: span.status.message,
    attributes: { ...plain(span.attributes), ...replacements(span, clock, options) },
    doubles: new Set(doubles),
    events: span.events.map(({ name, timeUnixNano, attributes }) => ({
      name,
      at: clock.at(timeUnixNano),
      attributes: plain(attributes),
    })),
  };
}

/** A recorded trace as it was sent: with its own ids, and when it began. */
export function asSent(recorded: readonly RecordedSpan[]): Sent {
  const clock = clockOf(recorded, {});
  const ids = new Map(recorded.map(({ spanId }) => [spanId, spanId]));
  return {
    trace: {
      id: recorded[0]!.traceId,
      spans: recorded.map((span) => retold(span, ids, clock, {})),
    },
    startedAt: recorded
      .map(({ startTimeUnixNano }) => BigInt(startTimeUnixNano))
      .reduce((a, b) => (a < b ? a : b)),
  };
}

/** When something is, in seconds from the start of the trace. */
interface Clock {
  /** @param nanoseconds since 1970, as recorded */
  readonly at: (nanoseconds: string) => number;
  /** How much longer the model takes than it was recorded to. */
  readonly stretch: number;
}

/** Stretches the answer, or else the first call to a model, and moves what comes after it. */
function clockOf(recorded: readonly RecordedSpan[], { duration, timeToFirstChunk }: Changes): Clock {
  const times = recorded.map(({ startTimeUnixNano }) => BigInt(startTimeUnixNano));
  const began = times.reduce((a, b) => (a < b ? a : b));
  const recordedAt = (nanoseconds: string) => Number(BigInt(nanoseconds) - began) / 1e9;
  const calls = recorded.filter((span) => isModelCall({ attributes: plain(span.attributes) }));
  const call = calls.find(isAnswer) ?? calls[0];
  const request = call && recorded.find((span) => span.spanId === call.parentSpanId);
  if (duration === undefined || !request) return { at: recordedAt, stretch: 1 };
  const start = recordedAt(call.startTimeUnixNano);
  // A streamed call may end a moment after its request.
  const end = Math.min(recordedAt(call.endTimeUnixNano), recordedAt(request.endTimeUnixNano));
  const more = duration - recordedAt(request.endTimeUnixNano) + recordedAt(request.startTimeUnixNano);
  const stretch = (end - start + more) / (end - start);
  if (stretch <= 0) throw new RangeError(`this request cannot take ${duration} s`);
  const first = recordedFirstChunk(call) ?? (end - start) / 2;
  const newFirst = timeToFirstChunk ?? first * stretch;
  const at = piecewise([
    [start, start],
    [start + first, start + newFirst],
    [end, end + more],
  ]);
  return { at: (nanoseconds) => at(recordedAt(nanoseconds)), stretch };
}

/** Moves in time: straight from each recorded moment to the next, and as recorded before the first and after the last. */
function piecewise(moves: readonly (readonly [from: number, to: number])[]): (seconds: number) => number {
  return (seconds) => {
    const next = moves.findIndex(([from]) => seconds < from);
    if (next === 0) return seconds;
    const [from, to] = moves.at(next === -1 ? -1 : next - 1)!;
    if (next === -1) return seconds - from + to;
    const [nextFrom, nextTo] = moves[next]!;
    return to + ((seconds - from) * (nextTo - to)) / (nextFrom - from);
  };
}

const serviceName = (recorded: string, { openWebui, litellm }: Changes): string =>
  ({ "open-webui": openWebui, litellm })[recorded] ?? recorded;

const inEnvironment = (resource: Attributes, { environment }: Changes): Attributes =>
  environment === undefined ? resource : { ...resource, [known.deploymentEnvironment.name]: environment };

/** LiteLLM names a call, and the choice of a deployment, by the model. */
const spanName = (name: string, { model }: Changes): string =>
  model ? name.replace(/^(chat|route|text_completion) .+$/, `$1 ${model.name}`) : name;

/** Attributes of a span that are told otherwise than recorded: none that it has not. */
function replacements(span: RecordedSpan, clock: Clock, options: Changes): Attributes {
  const { model, user, chat, inputTokens, outputTokens, cost } = options;
  const { attributes } = span;
  const all: Record<string, AttributeValue | undefined> = {
    [known.requestModel.name]: model?.name,
    [known.responseModel.name]: model?.name,
    [known.provider.name]: model?.provider,
    [known.oldProvider.name]: model?.provider,
    [known.providerModel.name]: model && `${model.provider}/${model.deployment}`,
    [known.userId.name]: user,
    [known.clientId.name]: user,
    [known.clientEmail.name]: user && `${user}@example.org`,
    [known.userHeader.name]: user === undefined ? undefined : [user],
    [known.conversation.name]: chat,
    [known.chatHeader.name]: chat === undefined ? undefined : [chat],
    [known.timeToFirstChunk.name]: firstChunk(span, clock, options),
    ...(isAnswer(span) && {
      [known.inputTokens.name]: inputTokens,
      "gen_ai.usage.prompt_tokens": inputTokens,
      [known.outputTokens.name]: outputTokens,
      "gen_ai.usage.completion_tokens": outputTokens,
      "gen_ai.usage.total_tokens":
        inputTokens === undefined || outputTokens === undefined ? undefined : inputTokens + outputTokens,
      [known.costTotal.name]: cost,
    }),
  };
  return Object.fromEntries(
    Object.entries(all).filter(
      (entry): entry is [string, AttributeValue] =>
        entry[1] !== undefined && attributes[entry[0]] !== undefined,
    ),
  );
}

/** Open WebUI asks for an answer as a stream, for titles and tags not. */
const isAnswer = ({ attributes, status }: RecordedSpan): boolean =>
  attributes[known.timeToFirstChunk.name] !== undefined && status.code !== "error";

function firstChunk(span: RecordedSpan, { at, stretch }: Clock, options: Changes): number | undefined {
  const recorded = recordedFirstChunk(span);
  if (recorded === undefined) return undefined;
  const seconds = options.timeToFirstChunk ?? recorded * stretch;
  if (seconds > at(span.endTimeUnixNano) - at(span.startTimeUnixNano)) {
    throw new RangeError(`a first token after ${seconds} s needs a longer duration`);
  }
  return seconds;
}

function recordedFirstChunk({ attributes }: RecordedSpan): number | undefined {
  const seconds = attributes[known.timeToFirstChunk.name];
  return seconds?.type === "double" ? seconds.value : undefined;
}

const plain = (attributes: RecordedAttributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, plainValue(value)]));

const plainValue = (value: RecordedValue): AttributeValue =>
  value.type === "array" ? value.value.map((element) => textOf(element) ?? "") : value.value;

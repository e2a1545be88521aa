import { attributes as known } from "../telemetry/attributes.ts";
import { passThroughCall } from "../telemetry/generator.ts";

/** What a span's attribute can hold. */
export type AttributeValue = string | number | boolean | readonly string[];

/** Attributes by OpenTelemetry name. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** An application that sends spans, with what its resource carries beside `service.name`. */
export interface Service {
  readonly name: string;
  readonly resource: Attributes;
}

/** Something that happened during a span, in seconds from the start of the trace. */
export interface SpanEvent {
  readonly name: string;
  readonly at: number;
  readonly attributes: Attributes;
}

/** A span in its trace. Times are seconds from the start of the trace. */
export interface TracedSpan {
  /** 16 hexadecimal digits. */
  readonly id: string;
  /** Absent on the root. */
  readonly parentId?: string;
  readonly service: Service;
  /** Name of the instrumentation that made it. */
  readonly scope: string;
  readonly name: string;
  readonly kind: "internal" | "server" | "client" | "producer" | "consumer";
  readonly start: number;
  readonly end: number;
  /** Outcome as the application marked it. LiteLLM leaves a success unset. */
  readonly status: "unset" | "ok" | "error";
  readonly statusMessage: string;
  readonly attributes: Attributes;
  /** Names of the attributes that are doubles also where their value is whole. */
  readonly doubles: ReadonlySet<string>;
  readonly events: readonly SpanEvent[];
}

/** A trace: its spans in the order of the tree, parents first. */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly spans: readonly TracedSpan[];
}

/** Seconds as the nanoseconds OTLP carries. */
export const nanoseconds = (seconds: number): number => Math.round(seconds * 1e9);

/** Duration in seconds, to the nanosecond, as Tempo computes it. */
export const durationOf = ({ start, end }: Pick<TracedSpan, "start" | "end">): number =>
  (nanoseconds(end) - nanoseconds(start)) / 1e9;

/** When the last span of a trace ends, in seconds from its start. */
export const endOf = ({ spans }: Trace): number => Math.max(...spans.map(({ end }) => end));

type Spoken = Pick<TracedSpan, "kind" | "status" | "attributes">;

const modelOperations = ["chat", "text_completion", "generate_content", "embeddings"];

/** Whether the span is a call of a model, and no request that LiteLLM hands on as it is. */
export const isModelCall = ({ attributes }: Pick<TracedSpan, "attributes">): boolean =>
  modelOperations.includes(String(attributes[known.operation.name])) &&
  attributes[known.callType.name] !== passThroughCall;

/** Whether the span is a call of a database. */
export const isDatabaseCall = ({ kind, attributes }: Spoken): boolean =>
  kind === "client" && attributes[known.dbSystem.name] !== undefined;

/** HTTP status of a request; 0 where the span has none. */
export const httpStatus = ({ attributes }: Spoken): number =>
  Number(attributes[known.httpStatusCode.name] ?? 0);

/** Whether a request was refused for the caller's sake: a 4xx without a provider's failure behind it, or a 400. */
export const isRefused = (span: Spoken): boolean => {
  const status = httpStatus(span);
  const byProvider = span.attributes[known.errorProvider.name] !== undefined;
  return status >= 400 && status < 500 && (!byProvider || status === 400);
};

/** Whether the platform failed a request: it ended as an error, and was not refused. */
export const isFailed = (span: Spoken): boolean => span.status === "error" && !isRefused(span);

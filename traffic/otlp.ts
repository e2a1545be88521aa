import type { Payload } from "../clients/otlp.ts";
import { attributes as known } from "../telemetry/attributes.ts";
import { endOf, nanoseconds } from "./span.ts";
import type { Attributes, AttributeValue, Service, Trace, TracedSpan } from "./span.ts";

/** Spans of a trace that end at the same moment. */
export interface Batch {
  /** Seconds from the start of the trace. */
  readonly at: number;
  readonly payload: Payload;
}

const kinds: Record<TracedSpan["kind"], number> = {
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
};
const statuses: Record<TracedSpan["status"], number> = { unset: 0, ok: 1, error: 2 };

/**
 * The spans of a trace in the groups, and in the order, in which their applications would export them.
 *
 * @param t0 start of the trace, in nanoseconds since 1970
 */
export function batchesByEnd(trace: Trace, t0: bigint): Batch[] {
  const ends = [...new Set(trace.spans.map(({ end }) => end))].sort((a, b) => a - b);
  return ends.map((at) => ({
    at,
    payload: payload(
      trace.id,
      trace.spans.filter(({ end }) => end === at),
      t0,
    ),
  }));
}

/**
 * Spans of a trace as OTLP JSON, grouped by application and instrumentation.
 *
 * @param t0 start of the trace, in nanoseconds since 1970
 */
export function payload(traceId: string, spans: readonly TracedSpan[], t0: bigint): Payload {
  return {
    resourceSpans: groups(spans, ({ service }) => service.name).map((ofService) => ({
      resource: { attributes: resource(ofService[0]!.service) },
      scopeSpans: groups(ofService, ({ scope }) => scope).map((ofScope) => ({
        scope: { name: ofScope[0]!.scope },
        spans: ofScope.map((span) => spanJson(traceId, span, t0)),
      })),
    })),
  };
}

/** A trace as OTLP JSON, its last span ending at a moment in milliseconds since 1970. */
export const payloadEnding = (trace: Trace, at: number): Payload =>
  payload(trace.id, trace.spans, BigInt(Math.round(at - 1000 * endOf(trace))) * 1_000_000n);

/** Puts exports together into one. */
export const merged = (payloads: readonly Payload[]): Payload => ({
  resourceSpans: payloads.flatMap(({ resourceSpans }) => resourceSpans),
});

function spanJson(traceId: string, span: TracedSpan, t0: bigint): object {
  const time = (seconds: number) => String(t0 + BigInt(nanoseconds(seconds)));
  return {
    traceId,
    spanId: span.id,
    ...(span.parentId !== undefined && { parentSpanId: span.parentId }),
    name: span.name,
    kind: kinds[span.kind],
    startTimeUnixNano: time(span.start),
    endTimeUnixNano: time(span.end),
    status: { code: statuses[span.status], message: span.statusMessage },
    attributes: attributesJson(span.attributes, span.doubles),
    events: span.events.map(({ name, at, attributes }) => ({
      name,
      timeUnixNano: time(at),
      attributes: attributesJson(attributes),
    })),
  };
}

const resource = ({ name, resource }: Service) =>
  attributesJson({ [known.serviceName.name]: name, ...resource });

const attributesJson = (attributes: Attributes, doubles: ReadonlySet<string> = new Set()) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: valueJson(value, doubles.has(key)) }));

function valueJson(value: AttributeValue, isDouble: boolean): object {
  if (typeof value === "string") {
    return { stringValue: value };
  }
  if (typeof value === "boolean") {
    return { boolValue: value };
  }
  if (typeof value === "number") {
    return isDouble || !Number.isInteger(value) ? { doubleValue: value } : { intValue: String(value) };
  }
  return { arrayValue: { values: value.map((element) => ({ stringValue: element })) } };
}

const groups = <T>(items: readonly T[], key: (item: T) => string): T[][] =>
  Object.values(Object.groupBy(items, key)) as T[][];

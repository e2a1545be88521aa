import type { AttributeJson, ResourceSpansJson, SpanJson, ValueJson } from "../../clients/tempo.ts";
import type { RecordedAttributes, RecordedSpan, RecordedValue } from "../../traffic/recorded.ts";

/**
 * A trace as Tempo answers it, in the form of recordings: parents before children, then by start. What stands for this
 * machine alone is taken out, so that it can be published.
 */
export function recordedTrace(trace: readonly ResourceSpansJson[]): RecordedSpan[] {
  const spans = trace.flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ scope, spans = [] }) =>
      spans.map((span) => recordedSpan(span, attributesOf(resource?.attributes), scope ?? {})),
    ),
  );
  return inOrder(spans);
}

function recordedSpan(
  span: SpanJson,
  resource: RecordedAttributes,
  scope: { readonly name?: string; readonly version?: string },
): RecordedSpan {
  const { name, startTimeUnixNano, endTimeUnixNano, status = {} } = span;
  return {
    traceId: hexOf(span.traceId),
    spanId: hexOf(span.spanId),
    parentSpanId: hexOf(span.parentSpanId ?? ""),
    name: withoutPlaces(name),
    kind: wordOf(span.kind, "SPAN_KIND_", "internal") as RecordedSpan["kind"],
    startTimeUnixNano,
    endTimeUnixNano,
    status: {
      code: wordOf(status.code, "STATUS_CODE_", "unset") as RecordedSpan["status"]["code"],
      message: withoutPlaces(status.message ?? ""),
    },
    attributes: attributesOf(span.attributes),
    events: (span.events ?? []).map((event) => ({
      name: event.name,
      timeUnixNano: event.timeUnixNano,
      attributes: attributesOf(event.attributes),
    })),
    resource,
    scope: { name: scope.name ?? "", version: scope.version ?? "" },
  };
}

const attributesOf = (attributes: readonly AttributeJson[] = []): RecordedAttributes =>
  Object.fromEntries(
    attributes
      .map(({ key, value }) => [key, valueOf(value)] as const)
      .sort(([a], [b]) => (a < b ? -1 : Number(a > b))),
  );

function valueOf(value: ValueJson): RecordedValue {
  if (value.intValue !== undefined) return { type: "int", value: Number(value.intValue) };
  if (value.doubleValue !== undefined) return { type: "double", value: value.doubleValue };
  if (value.boolValue !== undefined) return { type: "bool", value: value.boolValue };
  if (value.arrayValue !== undefined) {
    return { type: "array", value: (value.arrayValue.values ?? []).map(valueOf) };
  }
  return { type: "string", value: withoutPlaces(value.stringValue ?? "") };
}

/** Paths of installed packages as they are on any machine; LiteLLM cuts a long stack trace off within one. */
const withoutPlaces = (text: string): string =>
  text
    .replace(/(?:\/[\w.+-]+)+\/(site-packages\/|lib\/python3\.)/g, "$1")
    .replace(/(?:\/[\w.+-]+)+\/\.tools\/python\/[\w-]+\//g, "");

/** The word of an enumeration, whose first value Protobuf's JSON leaves out. */
const wordOf = (value: string | undefined, prefix: string, first: string): string =>
  value === undefined ? first : value.slice(prefix.length).toLowerCase();

const hexOf = (base64: string): string => Buffer.from(base64, "base64").toString("hex");

function inOrder(spans: readonly RecordedSpan[]): RecordedSpan[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const byParent = Map.groupBy(spans, ({ parentSpanId }) => (known.has(parentSpanId) ? parentSpanId : ""));
  const below = (parent: string): RecordedSpan[] =>
    (byParent.get(parent) ?? [])
      .toSorted((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
      .flatMap((span) => [span, ...below(span.spanId)]);
  return below("");
}

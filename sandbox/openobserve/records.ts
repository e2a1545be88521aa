import type { AnyValue, KeyValue, LogRecord, LogsRequest } from "./otlp.ts";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A record as OpenObserve keeps and finds it: flat, with names in lower case. */
export type Hit = Readonly<Record<string, string | number | boolean>>;

/** Of the records of an export, those that are kept and the number of those that are too old or too new. */
export interface Taken {
  readonly hits: readonly Hit[];
  readonly rejected: number;
  readonly reason: string;
}

/** `ZO_INGEST_ALLOWED_UPTO` and `ZO_INGEST_ALLOWED_IN_FUTURE` of OpenObserve's own, in hours; its charts set 24 for the first. */
const allowedHours = { past: 5, future: 24 };

const hourMicroseconds = 3_600_000_000;

/**
 * What OpenObserve v0.92 makes of an export (`src/core/src/logs/otlp.rs`, `src/core/src/ingestion/grpc.rs`,
 * `src/config/src/utils/flatten.rs`).
 *
 * @param now in milliseconds since 1970
 */
export function recordsOf({ resourceLogs }: LogsRequest, now: number): Taken {
  const hits: Hit[] = [];
  let rejected = 0;
  let reason = "";
  for (const { resource, scopeLogs } of resourceLogs) {
    for (const { scope, logRecords } of scopeLogs) {
      for (const record of logRecords) {
        const hours = (now * 1000 - timestampOf(record)) / hourMicroseconds;
        if (hours > allowedHours.past || -hours > allowedHours.future) {
          rejected++;
          reason = hours > 0 ? `Too old data, only last ${allowedHours.past} hours` : "Too far data";
          continue;
        }
        hits.push(flat({ ...attributesOf(resource?.attributes ?? []), ...fieldsOf(record, scope) }));
      }
    }
  }
  return { hits, rejected, reason };
}

const fieldsOf = (
  record: LogRecord,
  scope: { readonly name: string; readonly version: string } | undefined,
): Record<string, Json> => ({
  ...(scope?.name && { instrumentation_library_name: scope.name }),
  ...(scope?.version && { instrumentation_library_version: scope.version }),
  _timestamp: timestampOf(record),
  severity: record.severityText || record.severityNumber,
  body: record.body ? texts(jsonOf(record.body)) : null,
  dropped_attributes_count: record.droppedAttributesCount,
  // An attribute of the name of a field replaces it.
  ...attributesOf(record.attributes),
  ...idOf("trace_id", record.traceId, 16),
  ...idOf("span_id", record.spanId, 8),
});

/** Microseconds since 1970. */
const timestampOf = ({ timeUnixNano, observedTimeUnixNano }: LogRecord): number =>
  Number(BigInt(timeUnixNano === "0" ? observedTimeUnixNano : timeUnixNano) / 1000n);

const attributesOf = (attributes: readonly KeyValue[]): Record<string, Json> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value ? jsonOf(value) : null]));

function idOf(name: string, id: Uint8Array, bytes: number): Record<string, string> {
  const hex = Buffer.from(id).toString("hex");
  return id.length === bytes && /[1-9a-f]/.test(hex) ? { [name]: hex } : {};
}

function jsonOf(value: AnyValue): Json {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(jsonOf);
  if (value.kvlistValue) return attributesOf(value.kvlistValue.values ?? []);
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.bytesValue) return [...value.bytesValue];
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? null;
}

/** In a body, numbers and booleans become text. */
function texts(value: Json): Json {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(texts);
  if (typeof value !== "object") return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, texts(member)]));
}

function flat(record: Record<string, Json>, prefix = ""): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]): [string, string | number | boolean][] => {
      const name = prefix + key.toLowerCase().replace(/[^\p{Ll}\p{N}_]/gu, "_");
      if (value === null) return [];
      if (Array.isArray(value)) return value.length === 0 ? [] : [[name, JSON.stringify(value)]];
      return typeof value === "object" ? Object.entries(flat(value, `${name}_`)) : [[name, value]];
    }),
  );
}

import protobuf from "protobufjs";

/** A value as OTLP writes it: one of these. */
export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] };
  readonly bytesValue?: Uint8Array;
}

/** An attribute. */
export interface KeyValue {
  readonly key: string;
  readonly value?: AnyValue;
}

/** A log record; what was not sent is the type's zero, as Protobuf has it. Times are nanoseconds since 1970. */
export interface LogRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body?: AnyValue;
  readonly attributes: readonly KeyValue[];
  readonly droppedAttributesCount: number;
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly eventName: string;
}

/** An export of logs. */
export interface LogsRequest {
  readonly resourceLogs: readonly {
    readonly resource?: { readonly attributes: readonly KeyValue[] };
    readonly scopeLogs: readonly {
      readonly scope?: { readonly name: string; readonly version: string };
      readonly logRecords: readonly LogRecord[];
    }[];
  }[];
}

/** Of opentelemetry-proto 1.9: what OpenObserve reads of an export of logs, and what it answers. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message ExportLogsServiceRequest { repeated ResourceLogs resource_logs = 1; }
  message ExportLogsServiceResponse { ExportLogsPartialSuccess partial_success = 1; }
  message ExportLogsPartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
  message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeLogs { InstrumentationScope scope = 1; repeated LogRecord log_records = 2; }
  message InstrumentationScope { string name = 1; string version = 2; }
  message LogRecord {
    fixed64 time_unix_nano = 1;
    fixed64 observed_time_unix_nano = 11;
    int32 severity_number = 2;
    string severity_text = 3;
    AnyValue body = 5;
    repeated KeyValue attributes = 6;
    uint32 dropped_attributes_count = 7;
    bytes trace_id = 9;
    bytes span_id = 10;
    string event_name = 12;
  }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
  message AnyValue {
    oneof value {
      string string_value = 1;
      bool bool_value = 2;
      int64 int_value = 3;
      double double_value = 4;
      ArrayValue array_value = 5;
      KeyValueList kvlist_value = 6;
      bytes bytes_value = 7;
    }
  }
`);
const requestType = root.lookupType("ExportLogsServiceRequest");
const responseType = root.lookupType("ExportLogsServiceResponse");

/**
 * Reads an export of logs.
 *
 * @throws Error when the bytes are none
 */
export function decodeLogs(body: Uint8Array): LogsRequest {
  const message = requestType.decode(body);
  return requestType.toObject(message, { longs: String, defaults: true, arrays: true }) as LogsRequest;
}

/** The answer to an export, of which so many records were not taken. */
export const encodeAnswer = (rejected: number, errorMessage: string): Uint8Array =>
  responseType
    .encode(rejected === 0 ? {} : { partialSuccess: { rejectedLogRecords: rejected, errorMessage } })
    .finish();

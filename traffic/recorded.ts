/** A value with the type that OTLP gave it. */
export type RecordedValue =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "int" | "double"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "array"; readonly value: readonly RecordedValue[] };

/** Attributes by OpenTelemetry name. */
export type RecordedAttributes = Readonly<Record<string, RecordedValue>>;

/** A span as a real application sent it. */
export interface RecordedSpan {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Empty at the root. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: "internal" | "server" | "client" | "producer" | "consumer";
  /** Nanoseconds since 1970, as are the other times. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: "unset" | "ok" | "error"; readonly message: string };
  readonly attributes: RecordedAttributes;
  readonly events: readonly {
    readonly name: string;
    readonly timeUnixNano: string;
    readonly attributes: RecordedAttributes;
  }[];
  readonly resource: RecordedAttributes;
  /** The instrumentation that made it. */
  readonly scope: { readonly name: string; readonly version: string };
}

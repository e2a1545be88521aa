import type { Payload } from "../../clients/otlp.ts";

/** How a field is written; a message by its own fields. `hex` are bytes that OTLP's JSON has as hexadecimal digits. */
type Kind = "string" | "hex" | "fixed64" | "varint" | "double" | Message;

/** Fields by their names in OTLP's JSON, each with its number. */
interface Message {
  readonly [name: string]: readonly [number: number, kind: Kind];
}

/**
 * What the recorded applications send of OTLP 1.x, by `opentelemetry/proto/trace/v1/trace.proto`, `common/v1/common.proto` and
 * `resource/v1/resource.proto`. An array holds values that hold none.
 */
const scalar: Message = {
  stringValue: [1, "string"],
  boolValue: [2, "varint"],
  intValue: [3, "varint"],
  doubleValue: [4, "double"],
};
const value: Message = { ...scalar, arrayValue: [5, { values: [1, scalar] }] };
const attribute: Message = { key: [1, "string"], value: [2, value] };
const event: Message = { timeUnixNano: [1, "fixed64"], name: [2, "string"], attributes: [3, attribute] };
const span: Message = {
  traceId: [1, "hex"],
  spanId: [2, "hex"],
  parentSpanId: [4, "hex"],
  name: [5, "string"],
  kind: [6, "varint"],
  startTimeUnixNano: [7, "fixed64"],
  endTimeUnixNano: [8, "fixed64"],
  attributes: [9, attribute],
  events: [11, event],
  status: [15, { message: [2, "string"], code: [3, "varint"] }],
};
const request: Message = {
  resourceSpans: [
    1,
    {
      resource: [1, { attributes: [1, attribute] }],
      scopeSpans: [2, { scope: [1, { name: [1, "string"] }], spans: [2, span] }],
    },
  ],
};

/**
 * An export as the applications send it. JSON would be read by the first receiver of each way alone, and would hide what the
 * second one costs.
 *
 * @throws Error for a field that the applications' spans do not have
 */
export const encoded = (payload: Payload): Buffer<ArrayBuffer> => encode(payload, request);

function encode(message: object, fields: Message): Buffer<ArrayBuffer> {
  const parts = Object.entries(message).flatMap(([name, content]: [string, unknown]) => {
    if (content === undefined) return [];
    const [number, kind] = fields[name] ?? [];
    if (number === undefined || kind === undefined) throw new Error(`The encoder knows no field ${name}.`);
    return (Array.isArray(content) ? content : [content]).map((one) => field(number, kind, one));
  });
  return Buffer.concat(parts);
}

function field(number: number, kind: Kind, content: unknown): Buffer {
  if (kind === "varint") {
    return Buffer.concat([
      varint(BigInt(number) << 3n),
      varint(BigInt.asUintN(64, BigInt(content as string))),
    ]);
  }
  if (kind === "fixed64" || kind === "double") {
    const bytes = Buffer.alloc(8);
    if (kind === "double") bytes.writeDoubleLE(content as number);
    else bytes.writeBigUInt64LE(BigInt(content as string));
    return Buffer.concat([varint((BigInt(number) << 3n) | 1n), bytes]);
  }
  const bytes =
    typeof kind === "object"
      ? encode(content as object, kind)
      : Buffer.from(content as string, kind === "hex" ? "hex" : "utf8");
  return Buffer.concat([varint((BigInt(number) << 3n) | 2n), varint(BigInt(bytes.length)), bytes]);
}

function varint(number: bigint): Buffer {
  const bytes = [];
  for (; number > 0x7fn; number >>= 7n) bytes.push(Number(number & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(number)]);
}

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { searchLogs } from "../../clients/openobserve.ts";
import { startOpenObserve, type OpenObserve } from "../../sandbox/openobserve/server.ts";

/** A field of Protobuf that has a length. */
const field = (number: number, content: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(content);
  assert.ok(bytes.length < 128);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
};

const fixed64 = (number: number, value: bigint): Buffer => {
  const bytes = Buffer.alloc(9);
  bytes[0] = (number << 3) | 1;
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
};

const attribute = (name: string, value: string) =>
  field(6, Buffer.concat([field(1, name), field(2, field(1, value))]));

const traceId = "0af7651916cd43dd8448eb211c80319c";
const now = BigInt(Date.now()) * 1_000_000n;

/** An export of one record, byte by byte as opentelemetry-proto has it. */
const exported = (time: bigint, ...more: readonly Buffer[]): Buffer => {
  const record = [fixed64(1, time), field(3, "WARN"), field(5, field(1, "hello")), ...more];
  return field(1, field(2, field(2, Buffer.concat(record))));
};

describe("the stand-in for OpenObserve", () => {
  let openobserve: OpenObserve;
  const authorization = "Basic d3JpdGVyOnBhc3M=";
  const headers = { authorization, "content-type": "application/x-protobuf", "content-encoding": "gzip" };

  beforeEach(async () => {
    openobserve = await startOpenObserve({ authorization, organization: "acme" });
  });
  afterEach(() => openobserve.close());

  const send = (body: Uint8Array, more: Record<string, string> = {}, path = "/api/acme/v1/logs") =>
    fetch(openobserve.url + path, { method: "POST", headers: { ...headers, ...more }, body: gzipSync(body) });

  const search = (sql: string, from = 0) =>
    searchLogs({ url: openobserve.url, organization: "acme", authorization }, sql, {
      from,
      to: Date.now() + 1000,
    });

  it("keeps a record flat, under the names that OpenObserve makes", async () => {
    const trace = field(9, Buffer.from(traceId, "hex"));
    const answer = await send(exported(now, attribute("exception.Type", "Boom"), trace), {
      "stream-name": "Chat-Logs",
    });
    assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "application/x-protobuf"]);
    assert.equal((await answer.arrayBuffer()).byteLength, 0);
    assert.deepEqual(
      [...openobserve.streams],
      [
        [
          "chat_logs",
          [
            {
              _timestamp: Number(now / 1000n),
              severity: "WARN",
              body: "hello",
              dropped_attributes_count: 0,
              exception_type: "Boom",
              trace_id: traceId,
            },
          ],
        ],
      ],
    );
  });

  it("answers what is too old with success in part, and keeps none of it", async () => {
    const answer = await send(exported(now - 6n * 3600n * 1_000_000_000n));
    assert.equal(answer.status, 200);
    // Field 1, partial_success: field 1 of it, rejected_log_records, is 1.
    const [tag, , count, one] = Buffer.from(await answer.arrayBuffer());
    assert.deepEqual([tag, count, one], [0x0a, 0x08, 1]);
    assert.deepEqual(openobserve.streams.get("default"), []);
  });

  const refusals: readonly [string, number, () => Promise<Response>][] = [
    ["another password", 401, () => send(exported(now), { authorization: "Basic another" })],
    ["another organization", 404, () => send(exported(now), {}, "/api/other/v1/logs")],
    ["another type of content", 400, () => send(exported(now), { "content-type": "text/plain" })],
    ["what is no export", 400, () => send(Buffer.from("hello"))],
    [
      "what is not compressed but says so",
      400,
      () => fetch(`${openobserve.url}/api/acme/v1/logs`, { method: "POST", headers, body: "x" }),
    ],
  ];
  for (const [what, status, ask] of refusals) {
    it(`refuses ${what} with ${status}`, async () => {
      assert.equal((await ask()).status, status);
      assert.deepEqual([...openobserve.streams.values()].flat(), []);
      assert.equal(openobserve.refused.length, 1);
    });
  }

  it("finds records by their trace, and by the end of its id", async () => {
    const of = (id: string) => field(9, Buffer.from(id, "hex"));
    await send(exported(now, of(traceId)));
    await send(exported(now, of(traceId.replace(/^0/, "1"))));
    const ids = async (where: string) =>
      (await search(`SELECT trace_id FROM "default" WHERE ${where} ORDER BY _timestamp`)).map(
        (hit) => hit["trace_id"],
      );
    assert.deepEqual(await ids(`trace_id = '${traceId}'`), [traceId]);
    assert.equal((await ids(`trace_id LIKE '%${traceId.slice(1)}'`)).length, 2);
    assert.deepEqual(await ids(`'' <> '' AND trace_id LIKE '%'`), []);
  });

  it("refuses what OpenObserve would: an unknown stream, an unknown field, other SQL", async () => {
    await send(exported(now));
    for (const [sql, says] of [
      [`SELECT * FROM "other" WHERE body = 'x' ORDER BY _timestamp`, /stream not found: other/],
      [`SELECT * FROM "default" WHERE trace_id = 'x' ORDER BY _timestamp`, /field not found: trace_id/],
      [`DELETE FROM "default"`, /SQL not valid/],
    ] as const) {
      await assert.rejects(search(sql), says);
    }
  });
});

import assert from "node:assert/strict";
import { ratios, reached, type Cost } from "../../cli/bench/collector.ts";
import { encoded } from "../../cli/bench/protobuf.ts";
import { askItself } from "../../cli/bench/usage.ts";
import { fakeStack } from "./smoke/fake-stack.ts";

describe("the collector's cost", () => {
  const straight: Cost = {
    answered: 1000,
    arrived: 1000,
    cpuSeconds: 2,
    heap: 200,
    memory: 400,
    ownHeap: 0,
    ownMemory: 0,
  };
  const through: Cost = {
    answered: 800,
    arrived: 500,
    cpuSeconds: 3,
    heap: 220,
    memory: 500,
    ownHeap: 15,
    ownMemory: 60,
  };

  it("is the ratio to what the way without it takes, round by round, and what it takes itself", () => {
    const figures = ratios([
      { straight, through },
      { straight, through: { ...through, arrived: 250, ownMemory: 70 } },
    ]);
    assert.deepEqual(
      figures.map(({ values, unit }) => `${values.join(" ")} ${unit}`),
      ["0.8 0.8 ×", "0.5 0.25 ×", "1.5 1.5 ×", "1.1 1.1 ×", "1.25 1.25 ×", "15 15 MB", "60 70 MB"],
    );
  });

  it("takes the rate where the spans were reached between two looks", () => {
    const looks = [
      { at: 0, spans: 0 },
      { at: 1, spans: 100 },
      { at: 3, spans: 300 },
    ];
    assert.deepEqual(
      [50, 100, 250].map((spans) => reached(looks, spans)),
      [0.5, 1, 2.5],
    );
    assert.ok(Number.isNaN(reached(looks, 301)));
  });

  it("adds up the series that a program tells of itself, and knows what it does not tell", async () => {
    const text = 'spans{tenant="a"} 3\nspans{tenant="b"} 4\nspans_refused 9\nheap 1.5e+06\n';
    const stack = await fakeStack({ tempo: () => ({ body: text }) });
    const told = await askItself(stack.tempo);
    stack.close();
    assert.deepEqual(
      ["spans", "heap", "refused"].map((name) => told.sum(name)),
      [7, 1.5e6, undefined],
    );
  });
});

describe("an export in Protobuf", () => {
  it("is what the classes that OpenTelemetry publishes for Python write", () => {
    const payload = {
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: "litellm" } }] },
          scopeSpans: [{ scope: { name: "litellm" }, spans: [spanOfEveryKind] }],
        },
      ],
    };
    // opentelemetry-proto 1.45.2: ExportTraceServiceRequest, SerializeToString
    assert.equal(
      encoded(payload).toString("hex"),
      [
        "0ad7010a1b0a190a0c736572766963652e6e616d6512090a076c6974656c6c6d12b7010a090a076c6974656c6c6d",
        "12a9010a1000112233445566778899aabbccddeeff12080123456789abcdef2208fedcba9876543210",
        "2a0e636861742067656d6d61333a346230033901002a36fe9c97174180b21045fe9c9717",
        "4a100a0169120b18d4fdffffffffffffff014a0e0a0164120921000000000000d03f4a070a0162120210014a0f0a0161120a2a080a060a0473746f70",
        "5a190902002a36fe9c9717120566697273741a070a016e120218077a061202c3a91802",
      ].join(""),
    );
  });

  it("does not leave out what it does not know", () => {
    assert.throws(() => encoded({ resourceSpans: [{ schemaUrl: "" }] }), /no field schemaUrl/);
  });
});

/** Its fields in the order of their numbers, in which the classes write them. */
const spanOfEveryKind = {
  traceId: "00112233445566778899aabbccddeeff",
  spanId: "0123456789abcdef",
  parentSpanId: "fedcba9876543210",
  name: "chat gemma3:4b",
  kind: 3,
  startTimeUnixNano: "1700000000000000001",
  endTimeUnixNano: "1700000000250000000",
  attributes: [
    { key: "i", value: { intValue: "-300" } },
    { key: "d", value: { doubleValue: 0.25 } },
    { key: "b", value: { boolValue: true } },
    { key: "a", value: { arrayValue: { values: [{ stringValue: "stop" }] } } },
  ],
  events: [
    {
      timeUnixNano: "1700000000000000002",
      name: "first",
      attributes: [{ key: "n", value: { intValue: "7" } }],
    },
  ],
  status: { message: "é", code: 2 },
};

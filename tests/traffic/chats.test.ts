import assert from "node:assert/strict";
import { attributes } from "../../telemetry/attributes.ts";
import type { ValueType } from "../../telemetry/attributes.ts";
import { ruleOf } from "../../telemetry/privacy.ts";
import { chats, referenceTraces, slowChat } from "../../traffic/chats.ts";
import { recordedCases, recordedOf, recording, textOf, type Recorded } from "../../traffic/recorded.ts";
import { ollama } from "../../traffic/retell.ts";
import { durationOf, isModelCall } from "../../traffic/span.ts";
import type { AttributeValue, Trace, TracedSpan } from "../../traffic/span.ts";

const traces = Object.entries(referenceTraces).map(([name, build]): [string, Trace] => [
  name,
  build({ seed: name }),
]);

describe("traces told again", () => {
  for (const [name, trace] of traces) {
    describe(name, () => {
      it("begins with its root, the only span without a parent", () => {
        const [root, ...others] = trace.spans;
        assert.equal(root!.parentId, undefined);
        assert.equal(root!.start, 0);
        assert.deepEqual(
          others.filter(({ parentId, start }) => parentId === undefined || start < 0),
          [],
        );
      });

      it("names the parent of every span, and lists it first", () => {
        trace.spans.forEach(({ parentId }, index) => {
          const above = trace.spans.slice(0, index).map(({ id }) => id);
          assert.ok(parentId === undefined || above.includes(parentId));
        });
      });

      it("writes every attribute with the type that queries rely on", () => {
        for (const { name: span, attributes: written } of trace.spans) {
          for (const [key, value] of Object.entries(written)) {
            const declared = Object.values(attributes).find((attribute) => attribute.name === key)?.type;
            assert.ok(declared === undefined || isOf(declared, value), `${span}: ${key} is no ${declared}`);
          }
        }
      });
    });
  }

  it("never gives two spans, or two traces, one id", () => {
    const all = [...traces.map(([, trace]) => trace), chats.chat({ seed: "another" })];
    const ids = all.flatMap(({ id, spans }) => [id, ...spans.map((span) => span.id)]);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("gives the same ids for the same seed", () => {
    assert.deepEqual(chats.chat({ seed: "a" }), chats.chat({ seed: "a" }));
  });

  it("puts as many zeros before a trace id as it was asked to", () => {
    const ids = Array.from(
      { length: 64 },
      (_, seed) => chats.apiChat({ seed: `${seed}`, leadingZeros: seed % 4 }).id,
    );
    ids.forEach((id, index) =>
      assert.match(id, new RegExp(`^0{${index % 4}}[1-9a-f][0-9a-f]{${31 - (index % 4)}}$`)),
    );
  });

  it("lasts as long at LiteLLM as it was asked to, and keeps every span within its parent", () => {
    for (const duration of [0.2, 30, 60, 120]) {
      for (const build of [chats.chat, chats.browserChat, chats.timedOut]) {
        const trace = build({ seed: "slow", duration });
        const answer = trace.spans.filter(isModelCall).at(-1)!;
        assert.ok(Math.abs(durationOf(parentOf(trace, answer)!) - duration) < 0.001);
        for (const span of trace.spans.filter(({ service }) => service.name === "litellm")) {
          const parent = parentOf(trace, span)!;
          assert.ok(span.end > span.start && span.start >= parent.start, span.name);
          // A streamed call may end a moment after its request.
          assert.ok(span.kind === "server" || span.end <= parent.end + 0.01, span.name);
        }
      }
    }
  });

  it("refuses a first token after the last, and a request shorter than all but the model", () => {
    assert.throws(() => slowChat({ seed: "a", duration: 1, timeToFirstChunk: 2 }), RangeError);
    assert.throws(() => chats.chat({ seed: "a", duration: 0.001 }), RangeError);
  });

  it("carries model, user, chat, tokens, cost, services and environment as given", () => {
    const { spans } = chats.browserChat({
      seed: "a",
      model: ollama("qwen2.5-coder", "14b"),
      user: "user-7",
      chat: "chat-7",
      inputTokens: 11,
      outputTokens: 22,
      cost: 0.5,
      openWebui: "chat",
      litellm: "gateway",
      environment: "prod",
    });
    const call = spans.find(isModelCall)!;
    assert.equal(call.name, "chat qwen2.5-coder");
    const { requestModel, providerModel, userId, conversation, inputTokens, outputTokens, costTotal } =
      attributes;
    assert.deepEqual(
      [requestModel, providerModel, userId, conversation, inputTokens, outputTokens, costTotal].map(
        ({ name }) => call.attributes[name],
      ),
      ["qwen2.5-coder", "ollama_chat/qwen2.5-coder:14b", "user-7", "chat-7", 11, 22, 0.5],
    );
    assert.ok(call.doubles.has(costTotal.name));
    assert.deepEqual(
      [
        ...new Set(
          spans.map(({ service }) => `${service.name} ${String(service.resource["deployment.environment"])}`),
        ),
      ],
      ["chat prod", "gateway prod"],
    );
  });

  it("adds no attribute that was not recorded", () => {
    const keys = ({ spans }: Trace) => spans.map((span) => Object.keys(span.attributes));
    const changed = {
      model: ollama("a", "b"),
      user: "u",
      chat: "c",
      cost: 1,
      inputTokens: 1,
      outputTokens: 1,
    };
    for (const build of Object.values(chats)) {
      assert.deepEqual(keys(build({ seed: "a", ...changed })), keys(build({ seed: "a" })));
    }
  });
});

describe("recordings", () => {
  const all = (Object.keys(recordedOf) as Recorded[]).flatMap((application) =>
    recordedCases(application).map((name) => ({ application, ...recording(application, name) })),
  );

  it("hold no prompt, no answer and no key", () => {
    for (const { name, spans } of all) {
      assert.doesNotMatch(JSON.stringify(spans), /Say something|word2|sk-of-the-platform/, name);
    }
  });

  it("hold nobody's address or id in an attribute that the contract does not call personal", () => {
    for (const { application, name, spans } of all) {
      // Tracing v1 writes what it is sent; the guide says not to use it.
      if (application === "litellmV1") continue;
      const id = spans.map((span) => textOf(span.attributes["client.user.id"])).find((each) => each);
      for (const span of spans) {
        for (const [key, value] of Object.entries(span.attributes)) {
          const personal =
            /@example\.org|a-user|an-end-user/.test(JSON.stringify(value)) ||
            (id !== undefined && textOf(value) === id);
          assert.ok(!personal || ruleOf(key) !== undefined, `${name}: ${span.name}: ${key}`);
        }
      }
    }
  });
});

const parentOf = ({ spans }: Trace, { parentId }: TracedSpan) => spans.find(({ id }) => id === parentId);

function isOf(type: ValueType, value: AttributeValue): boolean {
  switch (type) {
    case "int":
      return Number.isInteger(value);
    case "float":
      return typeof value === "number";
    case "string[]":
      return Array.isArray(value);
    case "string":
    case "boolean":
      return typeof value === type;
  }
}

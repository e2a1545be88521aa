import assert from "node:assert/strict";
import { chats, chatWithDatabase, slowChat, type ChatName } from "../../traffic/chats.ts";
import {
  answerRequests,
  bucketCounts,
  byModel,
  byUser,
  calls,
  databaseSeconds,
  embeddingRequests,
  failedPercent,
  failuresByClass,
  histogramQuantile,
  modelCalls,
  recentRequests,
  refusals,
  requestCounts,
  searchId,
  slowRequests,
  type Rows,
} from "../../traffic/expected.ts";
import { durationOf, endOf } from "../../traffic/span.ts";
import { ollama } from "../../traffic/retell.ts";

const one = (name: ChatName) => [chats[name]({ seed: name })];

describe("expected requests", () => {
  it("counts SERVER spans, and CLIENT spans of LiteLLM alone", () => {
    assert.deepEqual(calls(one("unreachable")), [
      { service: "open-webui", kind: "server", status: "unset", count: 1 },
      { service: "litellm", kind: "server", status: "error", count: 1 },
      { service: "litellm", kind: "client", status: "error", count: 1 },
    ]);
  });

  it("counts title and tags as further requests of LiteLLM's, not of Open WebUI's", () => {
    assert.deepEqual(requestCounts(one("chatWithTitle")), { "open-webui": 1, litellm: 3 });
  });

  it("counts nothing that LiteLLM hands on to a provider below that provider's name", () => {
    assert.deepEqual(requestCounts(one("unhandled")), {});
    assert.deepEqual(modelCalls(one("passThrough")), []);
  });

  const outcomes: [ChatName, number | undefined, Record<string, number>][] = [
    ["chat", 0, {}],
    ["unreachable", 100, {}],
    ["failed", 100, {}],
    ["timedOut", 100, {}],
    ["busy", 100, {}],
    ["brokenOff", 100, {}],
    ["retried", 100, {}],
    ["fellBack", 0, {}],
    ["noKey", undefined, { "401 → litellm": 1 }],
    ["unknownModel", undefined, { "400 → litellm": 1 }],
    ["limited", undefined, { "429 → litellm": 1 }],
  ];
  for (const [name, percent, refused] of outcomes) {
    it(`takes ${name} for ${percent === undefined ? "refused" : percent ? "the platform's failure" : "served"}`, () => {
      assert.equal(failedPercent(one(name))["litellm"], percent);
      assert.deepEqual(refusals(one(name)), refused);
    });
  }

  it("tells requests for an answer, the first of a route among them, from those for vectors", () => {
    const names = ["apiChat", "completion", "messages", "firstMessages", "responses", "embeddings"] as const;
    const all = names.flatMap(one);
    assert.equal(answerRequests(all).length, 5);
    assert.equal(embeddingRequests(all).length, 1);
    assert.equal(modelCalls(all).length, 5);
  });
});

describe("expected latency", () => {
  it("counts a value into its own bucket and all above", () => {
    assert.deepEqual(bucketCounts([0.5, 1, 3, 400], [1, 5, 300]), [2, 3, 3, 4]);
  });

  const quantiles: [string, number, number[], number][] = [
    ["spreads values evenly within a bucket", 0.75, [0.1, 0.2, 2, 2], 3],
    ["begins the first bucket at zero", 0.25, [0.1, 0.2, 2, 3], 0.5],
    ["interpolates between bounds", 0.95, [2, 2, 2, 2], 1 + 4 * 0.95],
    ["counts what is above the last bound as that bound", 0.99, [2, 400], 300],
  ];
  for (const [rule, quantile, values, expected] of quantiles) {
    it(rule, () => assert.equal(histogramQuantile(quantile, values, [1, 5, 300]), expected));
  }
});

describe("expected model calls", () => {
  const llama = { model: ollama("llama3.1", "8b") };
  const traces = [
    chats.chat({
      seed: "a",
      user: "user-1",
      duration: 3,
      timeToFirstChunk: 0.5,
      inputTokens: 10,
      outputTokens: 20,
    }),
    chats.chat({
      seed: "b",
      user: "user-2",
      duration: 3,
      timeToFirstChunk: 1.5,
      inputTokens: 1,
      outputTokens: 2,
    }),
    chats.openaiChat({ seed: "c", user: "user-2", outputTokens: 7, cost: 0.25 }),
    chats.unreachable({ seed: "d", ...llama }),
    chats.brokenOff({ seed: "e", ...llama, timeToFirstChunk: 0.1 }),
    ...one("noKey"),
  ];

  it("adds up tokens and cost by model, and takes the time to the first token where there was one", () => {
    const { calls, errors, outputTokens, timeToFirstChunk } = byModel(traces)["ollama_chat/llama3.1:8b"]!;
    assert.deepEqual([calls, errors, outputTokens], [4, 2, 25]);
    assert.equal(timeToFirstChunk!.average.toFixed(6), "0.700000");
    assert.equal(timeToFirstChunk!.maximum, 1.5);
    assert.equal(byModel(traces)["openai/gpt-4o-mini"]!.cost, 0.25);
  });

  it("adds up by user", () => {
    assert.equal(byUser(traces)["user-2"]!.outputTokens, 9);
  });

  it("counts failures by class; a refused request is none", () => {
    assert.deepEqual(failuresByClass(traces), { APIConnectionError: 1, ReadError: 1 });
  });

  it("adds up LiteLLM's time in its database", () => {
    const { litellm } = databaseSeconds([chatWithDatabase({ seed: "a" }), chatWithDatabase({ seed: "b" })]);
    assert.equal(litellm!.toFixed(6), "0.012000");
  });
});

describe("expected tables", () => {
  const sent = [
    { trace: slowChat({ seed: "older", duration: 5, timeToFirstChunk: 1 }), startedAt: 1_000n },
    { trace: slowChat({ seed: "newer", duration: 4.5, timeToFirstChunk: 1 }), startedAt: 3_000n },
    { trace: chats.apiChat({ seed: "between" }), startedAt: 2_000n },
    { trace: chats.idle({ seed: "idle" }), startedAt: 4_000n },
    { trace: chats.pageView({ seed: "page" }), startedAt: 5_000n },
  ];
  const traceIds = (rows: readonly Rows[]) => rows.map(({ traceId }) => traceId);
  const ids = (...seeds: number[]) => seeds.map((index) => sent[index]!.trace.id);

  it("lists the newest first, and passes by what never reached LiteLLM", () => {
    assert.deepEqual(traceIds(recentRequests(sent)), ids(1, 2, 0));
    assert.deepEqual(recentRequests(sent, { litellm: "another" }), []);
  });

  it("cuts off the oldest at the limit", () => {
    assert.deepEqual(traceIds(recentRequests(sent, { limit: 2 })), ids(1, 2));
  });

  it("takes the duration of LiteLLM's request, not of the chat around it", () => {
    const seconds = recentRequests(sent).map(({ spans }) => durationOf(spans[0]!));
    assert.deepEqual(traceIds(slowRequests(sent, seconds[2]! - 0.001)), ids(0));
    assert.deepEqual(slowRequests(sent, seconds[2]!), []);
    assert.ok(seconds[2]! < endOf(sent[0]!.trace));
    const [row] = slowRequests(sent, 1);
    assert.deepEqual([row!.spans[0]!.service.name, row!.spans[0]!.kind], ["litellm", "server"]);
  });

  it("has a row for each request of a chat", () => {
    const titled = [{ trace: chats.chatWithTitle({ seed: "titled" }), startedAt: 0n }];
    assert.equal(recentRequests(titled)[0]!.spans.length, 3);
  });

  it("shows an id as the search does", () => {
    assert.equal(searchId("000a0"), "a0");
  });
});

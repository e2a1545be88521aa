import assert from "node:assert/strict";
import { probe } from "../../cli/smoke/probe.ts";
import { attributes as known } from "../../telemetry/attributes.ts";
import { dimensions, generator } from "../../telemetry/generator.ts";
import {
  callKinds,
  databaseKinds,
  edges,
  expectedSeries,
  recordedRequestKinds,
  smoke,
} from "../../telemetry/series.ts";
import { recordedChat, waitingEdgesPerRequest } from "../../telemetry/traffic.ts";
import { chats, chatWithDatabase } from "../../traffic/chats.ts";
import { countedSpans, edges as edgesOf, modelCalls, requests } from "../../traffic/expected.ts";
import type { Trace, TracedSpan } from "../../traffic/span.ts";
import { everything } from "../traffic/everything.ts";

const contract = generator({ openWebui: "open-webui", litellm: "litellm" });

/** The labels by which Tempo tells spans apart. */
const labelsOf = ({ service, name, kind, status, attributes }: TracedSpan): string =>
  JSON.stringify([
    ...[service.name, name, kind, status],
    ...dimensions.map((key) => attributes[known[key].name] ?? ""),
  ]);

const kindsOf = (spans: readonly TracedSpan[]): number => new Set(spans.map(labelsOf)).size;

describe("the expected series", () => {
  it("count as many kinds of requests as were recorded", () => {
    assert.equal(recordedRequestKinds, kindsOf(requests(everything("kinds"))));
  });

  it("count every operation and error of a model's call that was recorded", () => {
    const found = modelCalls(everything("calls")).map(({ attributes }) =>
      [known.operation, known.errorType].map(({ name }) => String(attributes[name] ?? "")).join(" "),
    );
    assert.deepEqual([...new Set(found)].sort(), callKinds.map((kind) => kind.join(" ")).sort());
  });

  it("count a call to a model once for each of them", () => {
    const model = { name: "m", provider: "ollama_chat", deployment: "m:8b" };
    assert.equal(kindsOf(modelCalls(everything("model", model))), callKinds.length);
  });

  it("leave out nothing that is counted", () => {
    const all = everything("all");
    assert.equal(countedSpans(all).length, requests(all).length + modelCalls(all).length);
  });

  it("count what a database of LiteLLM's adds, and what smoke sends", () => {
    const [without, withDatabase] = [chats.apiStream({ seed: "d" }), chatWithDatabase({ seed: "d" })];
    const kinds = (...traces: Trace[]) => kindsOf(countedSpans(traces));
    assert.equal(databaseKinds, kinds(withDatabase) - kinds(without));
    assert.equal(smoke.kinds, kinds(probe({ environment: "dev" }).trace));
  });

  it("count who calls whom", () => {
    const pairs = (traces: readonly Trace[]) => edgesOf(traces, contract.peerAttributes).length;
    assert.equal(edges.length, pairs([...everything("edges"), chatWithDatabase({ seed: "e" })]));
    assert.equal(smoke.edges, pairs([probe({ environment: "dev" }).trace]));
  });

  // 14 bounds, +Inf, sum, count, calls and size are 19 series a kind; 2 (3 bounds, +Inf, sum, count), calls and failures
  // 14 an edge, of which there are 10. Beside the requests there are 6 kinds: 2 of a database, 4 of smoke.
  for (const [models, requestKinds, series] of [
    [1, 1, 19 * (9 + 1 + 6) + 140],
    [10, 24, 19 * (90 + 24 + 6) + 140],
    [200, 100, 19 * (1800 + 100 + 6) + 140],
  ] as const) {
    it(`are ${series} for ${models} models and ${requestKinds} kinds of requests`, () => {
      assert.equal(expectedSeries(contract, { models, requestKinds }), series);
    });
  }

  // Latency, calls and size are 3 a kind; two histograms, calls and failures 4 an edge.
  it("are a sixth where histograms are native", () => {
    const native = { ...contract, histograms: "native" } as const;
    assert.equal(expectedSeries(native, { models: 10, requestKinds: 24 }), 3 * (90 + 24 + 6) + 40);
  });

  it("grow with the bounds, since each is a series", () => {
    const variety = { models: 10, requestKinds: 24 };
    const more = { ...contract, latencyBoundsSeconds: [...contract.latencyBoundsSeconds, 600] };
    assert.equal(expectedSeries(more, variety) - expectedSeries(contract, variety), 90 + 24 + 6);
  });
});

describe("the chat by which Tempo is sized", () => {
  const chat = chats.chatWithTitle({ seed: "size" });

  it("has the spans of the one that was recorded, and no recorded trace has more", () => {
    assert.equal(recordedChat.spans, chat.spans.length);
    assert.equal(recordedChat.spans, Math.max(...everything("most").map(({ spans }) => spans.length)));
  });

  it("has as many calls that wait for their second half", () => {
    const waiting = edgesOf([chat], contract.peerAttributes).filter(
      ({ connectionType }) => connectionType !== "database",
    );
    assert.equal(
      waitingEdgesPerRequest,
      waiting.reduce((sum, { count }) => sum + count, 0),
    );
  });
});

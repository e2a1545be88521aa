import assert from "node:assert/strict";
import { chats, chatWithDatabase } from "../../../traffic/chats.ts";
import { edges, type Edge } from "../../../traffic/expected.ts";
import { isDatabaseCall, type Trace } from "../../../traffic/span.ts";

const peers = ["peer.service", "db.name", "db.system", "db.system.name", "gen_ai.provider.name"];

describe("expected topology", () => {
  it("draws a chat from the user to the model and the database", () => {
    const trace = chats.chat({ seed: "a" });
    const connects = trace.spans.filter(isDatabaseCall).length;
    assert.ok(connects > 1);
    assert.deepEqual(counts(edges([trace], peers)), [
      ["user", "open-webui", "virtual_node", 1, 0],
      ["open-webui", "127.0.0.1", "database", connects, 0],
      ["open-webui", "litellm", "", 1, 0],
      ["litellm", "ollama_chat", "virtual_node", 1, 0],
    ]);
  });

  it("adds up what either side took", () => {
    const trace = chats.apiChat({ seed: "a" });
    const [request, call] = ["server", "client"].map((kind) =>
      trace.spans.find((span) => span.kind === kind)!,
    );
    const [user, model] = edges([trace], peers);
    assert.equal(user!.serverSeconds.toFixed(6), (request!.end - request!.start).toFixed(6));
    assert.equal(user!.clientSeconds, 0);
    assert.equal(model!.clientSeconds.toFixed(6), (call!.end - call!.start).toFixed(6));
    assert.equal(model!.serverSeconds, 0);
  });

  const failed: [string, Trace, [string, string, number][]][] = [
    [
      "an unreachable model at both ends of LiteLLM",
      chats.unreachable({ seed: "a" }),
      [
        ["open-webui", "litellm", 1],
        ["litellm", "ollama_chat", 1],
      ],
    ],
    [
      "an answer that broke off at both ends as well",
      chats.brokenOff({ seed: "a" }),
      [
        ["open-webui", "litellm", 1],
        ["litellm", "ollama_chat", 1],
      ],
    ],
    ["a missing key only before LiteLLM", chats.noKey({ seed: "a" }), [["user", "litellm", 1]]],
    ["nothing of a chat that went well", chats.chat({ seed: "a" }), []],
  ];
  for (const [rule, trace, expected] of failed) {
    it(`sees ${rule}`, () => {
      const found = edges([trace], peers).filter((edge) => edge.failed > 0);
      assert.deepEqual(
        found.map(({ client, server, failed }) => [client, server, failed]),
        expected,
      );
    });
  }

  const nodes: [string, string, string, Trace][] = [
    ["another provider", "litellm", "openai", chats.openaiChat({ seed: "a" })],
    ["LiteLLM's database by its address", "litellm", "postgres", chatWithDatabase({ seed: "a" })],
    ["the user as the caller of LiteLLM itself", "user", "litellm", chats.apiChat({ seed: "a" })],
  ];
  for (const [rule, client, server, trace] of nodes) {
    it(`names ${rule}`, () => {
      const found = edges([trace], peers).filter((edge) => edge.client === client && edge.server === server);
      assert.equal(found.length, 1);
    });
  }

  it("leaves the model out when no peer attribute names it", () => {
    const found = edges([chats.apiChat({ seed: "a" })], ["peer.service", "db.name", "db.system"]);
    assert.deepEqual(
      found.map(({ server }) => server),
      ["litellm"],
    );
  });
});

const counts = (found: readonly Edge[]) =>
  found.map(({ client, server, connectionType, count, failed }) => [
    client,
    server,
    connectionType,
    count,
    failed,
  ]);

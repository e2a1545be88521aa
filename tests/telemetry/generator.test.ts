import assert from "node:assert/strict";
import fc from "fast-check";
import { attributes } from "../../telemetry/attributes.ts";
import { escapeRegex, generator, type SpanMatch } from "../../telemetry/generator.ts";

const settings = generator({ openWebui: "open-webui", litellm: "litellm" });

/** Attributes that have as many values as there are users, chats or statements, or that a caller writes. */
const unbounded = [
  attributes.requestModel,
  attributes.urlPath,
  attributes.keyHash,
  attributes.errorStack,
  attributes.clientEmail,
  attributes.clientId,
  attributes.clientAddress,
  attributes.user,
  attributes.session,
  attributes.conversation,
  attributes.userId,
  attributes.endUserId,
  attributes.userIdV1,
  attributes.endUserIdV1,
  attributes.userHeader,
  attributes.chatHeader,
  attributes.dbQueryText,
  attributes.oldDbStatement,
  attributes.errorMessage,
  attributes.exceptionMessage,
].map(({ name }) => name);

/** A span as a filter policy sees it. */
type Seen = Record<string, string>;

/** As Tempo matches a policy: all attributes at once, each regex anchored at both ends. A missing one matches nothing. */
const matches = (policy: readonly SpanMatch[], span: Seen): boolean =>
  policy.every(({ key, value }) => key in span && new RegExp(`^(?:${value})$`, "v").test(span[key]!));

const isCounted = (span: Seen, from = settings): boolean =>
  matches(from.include, span) && !from.exclude.some((policy) => matches(policy, span));

const counted = (service: string, kind: string, from = settings): boolean =>
  isCounted({ "resource.service.name": service, kind: `SPAN_KIND_${kind}` }, from);

describe("the generator's settings", () => {
  for (const bounds of ["latencyBoundsSeconds", "edgeBoundsSeconds"] as const) {
    it(`have strictly increasing ${bounds}, from more than 0 to at least 5 minutes`, () => {
      const list = settings[bounds];
      list.forEach((bound, index) => assert.ok(bound > (list[index - 1] ?? 0), `${bound} at ${index}`));
      assert.ok(list.at(-1)! >= 300);
    });
  }

  it("make a label of nothing that is unbounded or the caller's word: users, chats, statements, messages, the model of a body", () => {
    assert.deepEqual(
      settings.dimensions.filter((dimension) => unbounded.includes(dimension)),
      [],
    );
  });

  it("name no peer by an address: root requests carry one, and the user would become a number", () => {
    assert.deepEqual(
      settings.peerAttributes.filter((name) => /address|net\.peer|host/.test(name)),
      [],
    );
  });

  it("ask for attributes that applications send, each once, with one spelling", () => {
    const known: string[] = Object.values(attributes).map(({ name }) => name);
    for (const list of [settings.dimensions, settings.peerAttributes]) {
      assert.equal(new Set(list).size, list.length);
      for (const name of list) assert.ok(known.includes(name), name);
    }
  });

  for (const [service, kind, is] of [
    ["litellm", "SERVER", true],
    ["litellm", "CLIENT", true],
    ["litellm", "INTERNAL", false],
    ["litellm", "PRODUCER", false],
    ["open-webui", "SERVER", true],
    ["open-webui", "CLIENT", false],
    ["open-webui", "INTERNAL", false],
    ["my-open-webui", "CLIENT", true],
  ] as const) {
    it(`${is ? "count" : "leave out"} a ${kind} span of ${service}`, () => {
      assert.equal(counted(service, kind), is);
    });
  }

  const litellm = { "resource.service.name": "litellm" };
  const server = { ...litellm, kind: "SPAN_KIND_SERVER" };
  const client = { ...litellm, kind: "SPAN_KIND_CLIENT" };
  const route = (path: string) => ({ ...server, "span.http.route": path });
  const handedOn: [string, Seen, boolean][] = [
    ["a chat", route("/v1/chat/completions"), true],
    ["a request of a model's own route", route("/engines/{model:path}/completions"), true],
    ["a URL of the caller's that is handed on", route("/openai/v1/threads/t_1/messages"), false],
    ["a bare prefix", route("/vertex-ai"), false],
    ["a route that only begins like a prefix", route("/openai-like/chat"), true],
    ["a call on such a route", { ...client, "span.litellm.request.route": "/azure/x" }, false],
    [
      "a call of a configured endpoint",
      { ...client, "span.litellm.call_type": "pass_through_endpoint" },
      false,
    ],
    ["a call of a model", { ...client, "span.litellm.call_type": "acompletion" }, true],
    ["the second SERVER span of tracing v1", { ...server, name: "Received Proxy Server Request" }, false],
    [
      "a route of Open WebUI's that looks alike",
      { ...route("/openai/{path:path}"), "resource.service.name": "open-webui" },
      true,
    ],
  ];
  for (const [what, span, is] of handedOn) {
    it(`${is ? "count" : "leave out"} ${what}`, () => assert.equal(isCounted(span), is));
  }

  it("leave out the CLIENT spans of Open WebUI under whatever name, and of no other service", () => {
    const name = fc.string({ unit: fc.constantFrom(..."ab.-+*?()[]{}|^$\\/"), minLength: 1 });
    fc.assert(
      fc.property(name, name, (openWebui, other) => {
        fc.pre(other !== openWebui);
        const own = generator({ openWebui, litellm: "litellm" });
        assert.equal(counted(openWebui, "CLIENT", own), false);
        assert.equal(counted(other, "CLIENT", own), true);
      }),
    );
  });
});

describe("a literal in a regular expression", () => {
  it("matches itself alone", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (literal, other) => {
        const regex = new RegExp(`^(?:${escapeRegex(literal)})$`);
        assert.ok(regex.test(literal));
        assert.equal(regex.test(other), other === literal);
      }),
    );
  });
});

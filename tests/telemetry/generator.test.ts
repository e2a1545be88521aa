import assert from "node:assert/strict";
import fc from "fast-check";
import { attributes } from "../../telemetry/attributes.ts";
import { escapeRegex, generator } from "../../telemetry/generator.ts";

const settings = generator({ openWebui: "open-webui" });

/** Attributes that have as many values as there are users, chats or statements. */
const unbounded = [
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

/** As Tempo matches a policy: all attributes at once, each regex anchored at both ends. */
const matches = (policy: typeof settings.include, span: Record<string, string>): boolean =>
  policy.every(({ key, value }) => new RegExp(`^(?:${value})$`, "v").test(span[key] ?? ""));

const counted = (service: string, kind: string, from = settings): boolean => {
  const span = { "resource.service.name": service, kind: `SPAN_KIND_${kind}` };
  return matches(from.include, span) && !matches(from.exclude, span);
};

describe("the generator's settings", () => {
  for (const bounds of ["latencyBoundsSeconds", "edgeBoundsSeconds"] as const) {
    it(`have strictly increasing ${bounds}, from more than 0 to at least 5 minutes`, () => {
      const list = settings[bounds];
      list.forEach((bound, index) => assert.ok(bound > (list[index - 1] ?? 0), `${bound} at ${index}`));
      assert.ok(list.at(-1)! >= 300);
    });
  }

  it("make a label of nothing that is unbounded: users, chats, statements, messages", () => {
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

  it("leave out the CLIENT spans of Open WebUI under whatever name, and of no other service", () => {
    const name = fc.string({ unit: fc.constantFrom(..."ab.-+*?()[]{}|^$\\/"), minLength: 1 });
    fc.assert(
      fc.property(name, name, (openWebui, other) => {
        fc.pre(other !== openWebui);
        const own = generator({ openWebui });
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

import assert from "node:assert/strict";
import { UserError } from "../../errors.ts";
import { parseSettings } from "../../settings.ts";
import { accepted } from "./accepted.ts";
import { refusedAsHarmful } from "./harmful.ts";
import { refused, refusedOfTempo } from "./refused.ts";

describe("settings refuse", () => {
  for (const [rule, given, says] of [...refused, ...refusedOfTempo, ...refusedAsHarmful]) {
    it(`${rule}, in one line`, () => {
      const [head, ...lines] = refusalOf({ environment: "dev", ...given }).split("\n");
      assert.equal(head, "The stack's settings have a problem:");
      assert.equal(lines.length, 1, lines.join("\n"));
      assert.match(lines[0]!, says);
      assert.doesNotMatch(lines[0]!, /hunter2/);
    });
  }

  for (const [what, given] of accepted) {
    it(`not ${what}`, () => void parseSettings({ environment: "dev", ...given }));
  }

  it("all problems of a file at once, a line for each, in one message", () => {
    const message = refusalOf({
      enviroment: "dev",
      tempo: { retention: "forever", replicas: 3, volume: { size: "much" } },
      openobserve: { organization: "" },
      applications: { slowRequest: "2h" },
    });
    const lines = message.split("\n");
    assert.equal(lines[0], "The stack's settings have 7 problems:");
    const named = lines.slice(1).map((line) => /^ {2}- llm-tracing:([\w.]+)(:| is unknown)/.exec(line)?.[1]);
    assert.deepEqual(named.toSorted(), [
      "applications.slowRequest",
      "enviroment",
      "environment",
      "openobserve.organization",
      "tempo.replicas",
      "tempo.retention",
      "tempo.volume.size",
    ]);
  });

  it("without repeating a value that is long", () => {
    const message = refusalOf({ environment: "dev", tempo: { image: ["x".repeat(500)] } });
    assert.match(message, /tempo\.image: got \["x{70,}…, want an image reference/);
    assert.ok(message.length < 200);
  });
});

function refusalOf(values: unknown): string {
  try {
    parseSettings(values);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return assert.fail("the settings were accepted");
}

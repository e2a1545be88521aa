import assert from "node:assert/strict";
import { UserError } from "../../errors.ts";
import { run, type Sections } from "../program/run.ts";

const api = { delivery: "api", url: "https://grafana.example.org" };

const refusals: readonly { rule: string; sections: Sections; says: RegExp }[] = [
  {
    rule: "sections, which the engine hands over as JSON",
    sections: { tempo: { replicas: 2 } },
    says: /tempo\.replicas: got 2, want 1/,
  },
  {
    rule: "a section that the engine hands over as text",
    sections: { tempo: "latest" },
    says: /tempo: got "latest", want a section/,
  },
  {
    rule: "a section that is text and only looks like JSON",
    sections: { tempo: "{ retention }" },
    says: /tempo: got "\{ retention \}", want a section/,
  },
  {
    rule: "a key that every object has",
    sections: { constructor: "x" },
    says: /llm-tracing:constructor is unknown/,
  },
  {
    rule: "delivery through the API with a user that only Grafana's environment knows",
    sections: { grafana: api, openobservePassword: { secure: "v1:abc" } },
    says: /openobserve\.user: got nothing, want it set, because grafana\.delivery is api/,
  },
  {
    rule: "delivery through the API with a password that only Grafana's environment knows",
    sections: { grafana: api, openobserve: { user: "reader@example.org" } },
    says: /openobservePassword: got nothing, want it set, because grafana\.delivery is api/,
  },
];

describe("the program refuses", () => {
  for (const { rule, sections, says } of refusals) {
    it(`${rule}, in the environment's name and before anything is registered`, async () => {
      await assert.rejects(run("dev", sections), (error: unknown) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, /^dev: The stack's settings have a problem:\n/);
        assert.match(error.message, says);
        return true;
      });
    });
  }

  it("nothing that belongs to other programs in the same stack file", async () => {
    const { outputs } = await run("dev", {});
    assert.equal(outputs.environment, "dev");
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../engine/stack-files.ts";
import { policiesOf } from "../../policy/policies.ts";
import { rules } from "../../policy/rules.ts";
import { stackVersion } from "../../release/version.ts";

describe("the policy pack", () => {
  it("has a policy of each rule, which stops what breaks it unless it is a warning", () => {
    assert.deepEqual(
      policiesOf().map((policy) => [
        policy.name,
        policy.enforcementLevel,
        "validateResource" in policy ? "each object" : "the whole stack",
      ]),
      rules.map(({ id, severity, judges }) => [id, severity === "error" ? "mandatory" : "advisory", judges]),
    );
  });

  it("has the stack's version", () => {
    const { version } = JSON.parse(readFileSync(join(projectFolder, "policy", "package.json"), "utf8")) as {
      version: string;
    };
    assert.equal(version, stackVersion);
  });
});

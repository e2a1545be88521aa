import assert from "node:assert/strict";
import { rules } from "../../policy/rules.ts";
import { textOf } from "./blocks.ts";

describe("docs/security.md", () => {
  it("says of each rule what it protects, and whether it refuses", () => {
    const rows = [...textOf("docs/security.md").matchAll(/^\| `([a-z-]+)` *\| (.+?) *\| (\w+) *\|$/gm)];
    assert.deepEqual(
      rows.map(([, id, protects, consequence]) => [id, protects, consequence]),
      rules.map(({ id, protects, severity }) => [id, protects, severity === "error" ? "refused" : "said"]),
    );
  });
});

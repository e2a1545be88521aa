import assert from "node:assert/strict";
import { pages } from "../../cli/docs/pages.ts";
import { textOf } from "./blocks.ts";

describe("what is made of the contract in", () => {
  for (const [page, withTables] of Object.entries(pages)) {
    it(`${page} is current`, () => {
      const committed = textOf(page);
      assert.ok(
        committed === withTables(committed),
        `${page} is stale: telemetry/ has changed. Run make docs.`,
      );
    });

    it(`${page} is not made without its marks`, () => {
      assert.throws(() => withTables("# A page"), /has lost the marks/);
    });
  }
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { settingsFiles } from "../../cli/settings-docs.ts";
import { projectFolder } from "../../cli/stack-files.ts";

describe("the files that follow from the settings' schema", () => {
  for (const [file, text] of settingsFiles()) {
    it(`${file} is current`, () => {
      const committed = readFileSync(join(projectFolder, file), "utf8");
      assert.ok(committed === text, `${file} is stale: settings/schema.ts has changed. Run make docs.`);
    });
  }
});

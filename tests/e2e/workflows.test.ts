import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../engine/stack-files.ts";

const folder = join(projectFolder, ".github/workflows");

describe("the workflows", () => {
  it("are what GitHub accepts, by actionlint", function () {
    const files = readdirSync(folder).map((file) => join(folder, file));
    const { error, status, stdout, stderr } = spawnSync(
      "go",
      ["run", "github.com/rhysd/actionlint/cmd/actionlint", "-no-color", ...files],
      {
        cwd: join(projectFolder, "tools/actionlint"),
        encoding: "utf8",
        env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" },
      },
    );
    if (error) this.skip();
    assert.equal(status, 0, stdout + stderr);
  });
});

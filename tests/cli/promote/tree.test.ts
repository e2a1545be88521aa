import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { requireCleanTree } from "../../../cli/promote/tree.ts";
import { UserError } from "../../../errors.ts";

describe("a promotion's working tree", () => {
  let folder: string;

  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      cwd: folder,
      stdio: "ignore",
    });
  const write = (name: string, text = "") => writeFileSync(path.join(folder, name), text);
  const refusal = async () => {
    const error = await requireCleanTree(folder).then(
      () => assert.fail("was not refused"),
      (each: unknown) => each,
    );
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "tree-"));
    git("init", "--quiet");
    write("kept");
    write(".gitignore", "ignored\n");
    git("add", ".");
    git("commit", "--message", "first");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("is clean when all is committed, whatever is ignored", async () => {
    write("ignored");
    await requireCleanTree(folder);
  });

  it("is refused with a changed file, a new one or one that is only staged, by their names", async () => {
    write("kept", "changed");
    assert.match(await refusal(), /not committed: kept\. Commit or stash them/);
    git("checkout", "kept");
    write("new");
    assert.match(await refusal(), /not committed: new\./);
    git("add", "new");
    assert.match(await refusal(), /not committed: new\./);
  });

  it("is refused with three names and a count when there are many", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) write(name);
    assert.match(await refusal(), /: a, b, c and 2 more\. /);
  });

  it("is refused when it is none of git's", async () => {
    rmSync(path.join(folder, ".git"), { recursive: true });
    assert.match(await refusal(), /is no git working tree, so nobody could tell/);
  });
});

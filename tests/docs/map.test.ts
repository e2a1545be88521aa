import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { projectFolder } from "../../engine/stack-files.ts";
import { textOf } from "./blocks.ts";
import { exists, folders, pathsIn } from "./paths.ts";
import { arrowsIn, behind, imports } from "./rooms.ts";

const architecture = textOf("docs/architecture.md");

/** Folders of tests that are for the whole, not for the folder of their name. */
const forTheWhole = ["contract", "dependencies", "docs", "e2e", "program", "rendered", "workflows"];

describe("paths in", () => {
  for (const page of globSync(["README.md", "docs/*.md"], { cwd: projectFolder }))
    it(`${page} lead somewhere`, () => {
      assert.deepEqual(
        pathsIn(page, textOf(page)).filter((path) => !exists(path)),
        [],
      );
    });

  it("a page are its links, and code that names a file or folder of ours", () => {
    const page =
      "[a](b.md#c), [d](../README.md), [e](https://f.example/g.md), `cli/h.ts`, `i.ts`, `/metrics`, `kubectl -f x/`";
    assert.deepEqual(pathsIn("docs/page.md", page), ["docs/b.md", "README.md", "cli/h.ts", "i.ts"]);
    assert.ok(exists("rendered/<environment>/") && exists("Pulumi.<environment>.yaml"));
    assert.ok(!exists("cli/h.ts") && !exists("rendered/<environment>/<object>.ts") && !exists("cl"));
  });
});

describe("the README's map", () => {
  const rows = [...textOf("README.md").matchAll(/^\| `([\w.]+)\/` +\| (.*?) +\|$/gm)];
  const named = rows.map(([, folder]) => folder!);

  it("names every folder at the root, and no other", () => {
    assert.deepEqual(named.toSorted(), folders.toSorted());
  });

  it("says which folders of tests are for the whole; each other has the name of what it tests", () => {
    const [, , said] = rows.find(([, folder]) => folder === "tests")!;
    assert.deepEqual(
      [...said!.matchAll(/`(\w+)`/g)].map(([, folder]) => folder),
      forTheWhole,
    );
    const tests = globSync("tests/*/", { cwd: projectFolder }).map((folder) => folder.split("/")[1]!);
    assert.deepEqual(
      tests.filter((folder) => !forTheWhole.includes(folder) && !named.includes(folder)),
      [],
    );
  });
});

describe("the architecture's rooms", () => {
  const arrows = arrowsIn(architecture);
  const text = (list: readonly (readonly string[])[]) => [...new Set(list.map((arrow) => arrow.join(" → ")))];

  it("have an arrow only where there is an import", () => {
    const there = text(imports());
    assert.deepEqual(
      text(arrows).filter((arrow) => !there.includes(arrow)),
      [],
    );
  });

  it("have a way for every import", () => {
    assert.deepEqual(text(imports().filter(([from, to]) => !behind(from, arrows).has(to))), []);
  });
});

describe("the architecture's table of proofs", () => {
  for (const test of [
    ...globSync("tests/e2e/*.test.ts", { cwd: projectFolder }),
    ...forTheWhole.filter((folder) => folder !== "e2e").map((folder) => `tests/${folder}/`),
  ])
    it(`names ${test}`, () => assert.ok(architecture.includes(`\`${test}\``)));
});

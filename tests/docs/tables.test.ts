import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../engine/stack-files.ts";
import { tornTables } from "./tables.ts";

describe("the tables of", () => {
  for (const file of globSync(["*.md", "docs/**/*.md"], { cwd: projectFolder })) {
    it(`${file} are whole`, () => {
      assert.deepEqual(tornTables(readFileSync(join(projectFolder, file), "utf8")), []);
    });
  }
});

describe("a table", () => {
  const table = (row: string) => `| a | b |\n|---|---|\n${row}\n`;
  for (const [what, markdown, torn] of [
    ["with an escaped pipe", table("| `x \\|\\| y` | z |"), []],
    ["that is code", `~~~\n${table("| x |")}~~~\n`, []],
    ["with a pipe in code", table("| `x || y` | z |"), ["line 3: 4 cells, the head has 2"]],
    ["with a row broken off", table("| x"), ["line 3: 1 cells, the head has 2"]],
    ["after code", "```\n| x |\n```\n" + table("| x |"), ["line 6: 1 cells, the head has 2"]],
    ["without dashes", "| a | b |\n| c | d |\n", ["line 2: no dashes below the head"]],
  ] as const) {
    it(`${what} is ${torn.length > 0 ? "torn" : "whole"}`, () => {
      assert.deepEqual(tornTables(markdown), torn);
    });
  }
});

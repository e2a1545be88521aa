import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectFolder } from "../../../engine/stack-files.ts";

const promote = (...args: string[]) =>
  spawnSync(process.execPath, [join(projectFolder, "cli/promote.ts"), ...args], {
    encoding: "utf8",
    timeout: 15_000,
  });

describe("promote, used wrongly, says so in one line and ends with 2", () => {
  for (const [rule, args, says] of [
    [
      "without a target",
      ["--from", "staging"],
      /^error: required option '--to <environment>' not specified$/,
    ],
    [
      "with an option it has not",
      ["--from", "staging", "--to", "prod", "--force"],
      /^error: unknown option '--force'$/,
    ],
    [
      "for an environment that does not exist",
      ["--from", "staging", "--to", "qa"],
      /^There is no environment "qa": Pulumi\.qa\.yaml is missing\. There are: dev, prod, staging\.$/,
    ],
    [
      "past an environment",
      ["--from", "dev", "--to", "prod"],
      /^"prod" is promoted from "staging" \(promotion\.from\), not from "dev"\.$/,
    ],
  ] as const) {
    it(rule, () => {
      const { status, stdout, stderr } = promote(...args);
      assert.match(stderr.trim(), says);
      assert.equal(stdout, "");
      assert.equal(status, 2);
    });
  }
});

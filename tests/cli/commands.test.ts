import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../engine/stack-files.ts";
import { run } from "./run.ts";

const nowhere = "http://127.0.0.1:1";
const addresses = ["--otlp", nowhere, "--tempo", nowhere, "--prometheus", nowhere];
const promotion = ["--from", "staging", "--to", "prod"];

const unknownOption = /^error: unknown option '--force'$/;
const tooMany = /^error: too many arguments/;
const noEnvironment =
  /^There is no environment "nowhere": Pulumi\.nowhere\.yaml is missing\. There are: dev, prod, staging\.$/;

/** A line of arguments, and what is said of it. */
type Misuse = readonly [args: readonly string[], says: RegExp];

const misuses: Readonly<Record<string, readonly Misuse[]>> = {
  up: [
    [["--force"], unknownOption],
    [["prod"], tooMany],
    [["--environment", "nowhere"], noEnvironment],
    [["--environment", "nowhere", "--context", "mine"], noEnvironment],
  ],
  down: [
    [["--force"], unknownOption],
    [["now"], tooMany],
  ],
  audit: [
    [["--force"], unknownOption],
    [["now"], tooMany],
  ],
  vulnerabilities: [
    [["--force"], unknownOption],
    [["now"], tooMany],
  ],
  demo: [
    [["--force"], unknownOption],
    [["prod"], tooMany],
    [["--environment", "nowhere"], noEnvironment],
  ],
  diff: [
    [["--force"], unknownOption],
    [
      ["--base", "HEAD", "--output", "pdf"],
      /^error: option '--output .* choices are text, markdown, json\.$/,
    ],
    [[], /^Give --base <git ref>, or the two folders to compare\.$/],
  ],
  render: [
    [["--force"], unknownOption],
    [["dev", "nowhere"], noEnvironment],
  ],
  docs: [
    [["--force"], unknownOption],
    [["settings"], tooMany],
  ],
  smoke: [
    [["--otlp", nowhere], /^error: required option '--tempo <url>' not specified$/],
    [[...addresses, "--force"], unknownOption],
    [[...addresses, "prod"], tooMany],
    [[...addresses, "--environment", "nowhere"], noEnvironment],
    [[...addresses, "--output", "xml"], /choices are table, json\.$/],
  ],
  promote: [
    [["--from", "staging"], /^error: required option '--to <environment>' not specified$/],
    [[...promotion, "--force"], unknownOption],
    [[...promotion, "now"], tooMany],
    [["--from", "staging", "--to", "nowhere"], noEnvironment],
    [
      ["--from", "dev", "--to", "prod"],
      /^"prod" is promoted from "staging" \(promotion\.from\), not from "dev"\.$/,
    ],
  ],
  bench: [
    [["--force"], unknownOption],
    [["engine"], tooMany],
    [["--only", "tempo"], /choices are rendering, engine, collector, modes, backends\.$/],
  ],
  record: [
    [["--force"], unknownOption],
    [["litellm"], tooMany],
    [["--environment", "nowhere"], noEnvironment],
  ],
};

describe("a command that is used wrongly says so in one line, and ends with 2", () => {
  for (const [command, cases] of Object.entries(misuses)) {
    it(command, async () => {
      for (const [args, says] of cases) {
        const { status, stdout, stderr } = await run(command, args);
        assert.match(stderr.trimEnd(), says, args.join(" "));
        assert.deepEqual({ status, stdout }, { status: 2, stdout: "" }, args.join(" "));
      }
    });
  }

  it("every command there is", () => {
    const files = readdirSync(join(projectFolder, "cli")).filter((file) => file.endsWith(".ts"));
    const shared = ["main.ts", "files.ts"];
    assert.deepEqual(
      files.filter((file) => !shared.includes(file)),
      Object.keys(misuses)
        .map((command) => `${command}.ts`)
        .toSorted(),
    );
  });
});

describe("a command that is asked for help", () => {
  it("prints it, does nothing, and ends with 0", async () => {
    const { status, stdout, stderr } = await run("docs", ["--help"]);
    assert.match(stdout, /^Usage: docs /);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
  });
});

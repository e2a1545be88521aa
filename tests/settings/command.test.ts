import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { projectFolder } from "../../engine/stack-files.ts";

/** What a program of this project is not made of. */
const leftOut = ["node_modules", "rendered", "sandbox", "tests", "tools", "docs"];

describe("a stack file with mistakes, given to the command line", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "llm-tracing-"));
    cpSync(projectFolder, folder, {
      recursive: true,
      filter: (path) =>
        path === projectFolder || !(basename(path).startsWith(".") || leftOut.includes(basename(path))),
    });
    symlinkSync(join(projectFolder, "node_modules"), join(folder, "node_modules"));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const render = (environment: string) =>
    spawnSync(process.execPath, [join(folder, "cli/render.ts"), environment], { encoding: "utf8" });

  it("ends with exit code 1 and every problem, without a stack trace and before anything is written", () => {
    writeFileSync(
      join(folder, "Pulumi.wrong.yaml"),
      "config:\n" +
        "  llm-tracing:environment: wrong\n" +
        "  llm-tracing:tempo: { replicas: 2, retention: ever }\n" +
        "  llm-tracing:grafna: {}\n",
    );
    const { status, stderr, stdout } = render("wrong");
    assert.equal(stdout, "");
    assert.deepEqual(stderr.trimEnd().split("\n").toSorted(), [
      "  - llm-tracing:grafna is unknown; did you mean grafana?",
      "  - llm-tracing:tempo.replicas: got 2, want 1: several monolithic Tempos would each schedule the same compactions",
      '  - llm-tracing:tempo.retention: got "ever", want a duration such as "5s", "72h" or "14d"',
      "wrong: The stack's settings have 3 problems:",
    ]);
    assert.equal(status, 1);
    assert.equal(existsSync(join(folder, "rendered")), false);
  });

  it("ends with exit code 1 and the file's name when it is no YAML", () => {
    writeFileSync(join(folder, "Pulumi.torn.yaml"), "config: { llm-tracing:environment: torn\n");
    const { status, stderr } = render("torn");
    assert.match(stderr, /^Pulumi\.torn\.yaml is no valid YAML: /);
    assert.doesNotMatch(stderr, /^ {4}at /m);
    assert.equal(status, 1);
  });

  it("ends with exit code 2 and the environments there are when it is missing", () => {
    const { status, stderr } = render("nowhere");
    assert.match(stderr, /^There is no environment "nowhere": .* There are: dev, prod, staging/);
    assert.equal(status, 2);
  });

  it("renders when it is right", () => {
    writeFileSync(join(folder, "Pulumi.least.yaml"), "config: { llm-tracing:environment: least }\n");
    const { status, stdout } = render("least");
    assert.match(stdout, /^rendered\/least: \d+ objects/);
    assert.equal(status, 0);
  });
});

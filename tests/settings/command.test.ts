import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyOfProject } from "../cli/run.ts";

describe("a stack file with mistakes, given to the command line", () => {
  let folder: string;

  before(() => {
    folder = copyOfProject(["sandbox", "tools"]);
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
        "  llm-tracing:slo: { availability: 99.5%, throughput: 2s }\n" +
        "  llm-tracing:alerts: { rules: configMap }\n" +
        "  llm-tracing:grafna: {}\n",
    );
    const { status, stderr, stdout } = render("wrong");
    assert.equal(stdout, "");
    assert.deepEqual(stderr.trimEnd().split("\n").toSorted(), [
      '  - llm-tracing:alerts.rules: got "configMap", want "prometheusRule" or "none"',
      "  - llm-tracing:grafna is unknown; did you mean grafana?",
      '  - llm-tracing:slo.availability: got "99.5%", want a share in percent from 94 to 99.99',
      "  - llm-tracing:slo.throughput is unknown; see docs/settings.md for the keys there are",
      "  - llm-tracing:tempo.replicas: got 2, want 1: several monolithic Tempos would each schedule the same compactions",
      '  - llm-tracing:tempo.retention: got "ever", want a duration such as "5s", "72h" or "14d"',
      "wrong: The stack's settings have 6 problems:",
    ]);
    assert.equal(status, 1);
    assert.equal(existsSync(join(folder, "rendered")), false);
  });

  const environment = "config:\n  llm-tracing:environment: bad\n";
  const mistakes: readonly [what: string, text: string | Buffer, says: RegExp][] = [
    [
      "is torn",
      "config: { llm-tracing:environment: bad\n",
      /^Pulumi\.bad\.yaml is no valid YAML at line \d+\.\n$/,
    ],
    [
      "is torn at a secret, which it does not repeat",
      'config:\n  llm-tracing:openobservePassword: "hunter2\n',
      /^Pulumi\.bad\.yaml is no valid YAML at line \d+\.\n$/,
    ],
    [
      "is a list",
      "- config\n",
      /^Pulumi\.bad\.yaml is no stack file: want keys with values, such as config\.\n$/,
    ],
    ["is two files in one", "config: {}\n---\nconfig: {}\n", /is no stack file: want one document/],
    ["is a number", "7\n", /is no stack file/],
    ["is not text", Buffer.from([0xff, 0xfe, 0x00, 0x80]), /is no (stack file|valid YAML)/],
    [
      "refers to itself",
      "config: &a\n  llm-tracing:tempo: *a\n",
      /its aliases lead nowhere, to themselves or to too much\.\n$/,
    ],
    [
      "has a section of a misspelt name",
      "confg: {}\n",
      /cannot be read as it is meant:\n {2}- confg is unknown; want one of config/,
    ],
    [
      "has a setting beside config",
      "llm-tracing:environment: bad\n",
      /llm-tracing:environment is unknown; it belongs below config/,
    ],
    [
      "has a setting without a project",
      `${environment}  tempo: {}\n`,
      /"tempo" has no project; did you mean llm-tracing:tempo\?/,
    ],
    ["has a setting without a name", `${environment}  "llm-tracing:": {}\n`, /"llm-tracing:" has no project/],
    [
      "has a misspelt project",
      `${environment}  llm-tracng:tempo: {}\n`,
      /llm-tracng:tempo is unknown; did you mean llm-tracing:tempo\?/,
    ],
    [
      "has a setting as a path",
      `${environment}  llm-tracing:tempo:retention: 1d\n`,
      /llm-tracing:tempo:retention is unknown; write tempo: retention, below llm-tracing:tempo/,
    ],
    ["has a config that is no section", "config: 7\n", /config is no section with keys of its own/],
    ...["tempo", "grafana", "promotion", "environment", "openobservePassword"].map(
      (key): [string, string, RegExp] => [
        `has ${key} empty`,
        `${key === "environment" ? "config:\n" : environment}  llm-tracing:${key}:\n`,
        new RegExp(`llm-tracing:${key} is empty; give it a value, or leave it out`),
      ],
    ),
    [
      "has another stack's environment",
      "config: { llm-tracing:environment: prod }\n",
      /llm-tracing:environment: got "prod", want the stack's name, "bad"/,
    ],
  ];
  for (const [what, text, says] of mistakes) {
    it(`ends with exit code 1 and one clear message when it ${what}`, () => {
      writeFileSync(join(folder, "Pulumi.bad.yaml"), text);
      const { status, stdout, stderr } = render("bad");
      assert.match(stderr, says);
      assert.doesNotMatch(stderr + stdout, /^ {4}at |hunter2/m);
      assert.equal(status, 1);
      assert.equal(existsSync(join(folder, "rendered")), false);
    });
  }

  it("is refused, with key and command, when it demands a digest that the image does not have", () => {
    writeFileSync(
      join(folder, "Pulumi.bad.yaml"),
      `${environment}  llm-tracing:images: { mirror: registry.example.org/m, requireDigest: true }\n`,
    );
    const { status, stderr } = render("bad");
    assert.match(
      stderr,
      /image-digest: StatefulSet tracing\/tempo: .* which images\.requireDigest demands; `crane digest registry\.example\.org\/m\/grafana\/tempo:[\d.]+` prints it.* in tempo\.image and collector\.image, behind the tag/,
    );
    assert.equal(status, 1);
    assert.equal(existsSync(join(folder, "rendered")), false);
  });

  it("is none when it is a folder, or leads nowhere", () => {
    mkdirSync(join(folder, "Pulumi.folder.yaml"));
    symlinkSync(join(folder, "nothing"), join(folder, "Pulumi.link.yaml"));
    for (const environment of ["folder", "link"]) {
      const { status, stderr } = render(environment);
      assert.match(stderr, /^There is no environment "\w+": .*There are: bad, dev, prod, staging/);
      assert.equal(status, 2);
    }
  });

  it("ends with exit code 2 and the environments there are when it is missing", () => {
    const { status, stderr } = render("nowhere");
    assert.match(stderr, /^There is no environment "nowhere": .* There are: .*dev, prod, staging/);
    assert.equal(status, 2);
  });

  it("renders when it is right", () => {
    writeFileSync(join(folder, "Pulumi.least.yaml"), "config: { llm-tracing:environment: least }\n");
    const { status, stdout } = render("least");
    assert.match(stdout, /^rendered\/least: \d+ objects/);
    assert.equal(status, 0);
  });
});

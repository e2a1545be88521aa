import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyOfProject, run } from "./run.ts";

const planted = "hunter2-PLANTED";

const config = (lines: string) => `config:\n  llm-tracing:environment: bad\n  ${lines}\n`;

/** Stack files with a mistake beside a secret, each with what is said of it. */
const stackFiles: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  [
    "torn at a secret",
    config(`llm-tracing:openobservePassword: "${planted}`),
    /no valid YAML at line \d+\.$/,
  ],
  [
    "torn after a secret",
    config(`llm-tracing:openobservePassword: ${planted}\n  }`),
    /no valid YAML at line \d+\.$/,
  ],
  ["with a secret as a document", `${planted}\n`, /is no stack file/],
  [
    "with a secret under a misspelt name",
    config(`llm-tracing:openobservePasword: ${planted}`),
    /openobservePasword is unknown/,
  ],
  ["with a secret beside config", `openobservePassword: ${planted}\n`, /openobservePassword is unknown/],
  [
    "with a secret in a section",
    config(`llm-tracing:openobserve: { password: ${planted} }`),
    /password is unknown/,
  ],
  [
    "with a secret for the name of its variable",
    config(`llm-tracing:openobserve: { passwordEnv: "${planted}" }`),
    /passwordEnv: got …, want the name of an environment variable/,
  ],
  [
    "with credentials in an address",
    config(`llm-tracing:prometheus: { url: "http://me:${planted}@prom:9090" }`),
    /prometheus\.url: got "http:\/\/…@prom:9090", want .*, without user and password/,
  ],
  [
    "with a secret beside another mistake",
    config(`llm-tracing:openobservePassword: ${planted}\n  llm-tracing:tempo: { retention: ever }`),
    /tempo\.retention: got "ever"/,
  ],
];

const users = (user: string) => `users:\n  - { name: me, user: ${user} }\n`;

const kubeconfigs: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  ["torn at a token", users(`{ token: "${planted} }`), /no valid YAML at line \d+\.$/],
  ["that is none", `contexts: { token: ${planted} }\n`, /is not a kubeconfig/],
  ["without contexts", users(`{ password: ${planted} }`), /has no contexts at all/],
  [
    "without that context",
    `${users(`{ token: ${planted} }`)}contexts: [{ name: other }]\n`,
    /There are: other\.$/,
  ],
];

const server = "http://127.0.0.1:1";
const servers = ["--otlp", server, "--tempo", server, "--prometheus", server];

/** Every command that reads a stack file. */
const readers: readonly (readonly [command: string, args: readonly string[]])[] = [
  ["render", ["bad"]],
  ["render", []],
  ["up", ["--environment", "bad"]],
  ["promote", ["--from", "bad", "--to", "prod"]],
  ["promote", ["--from", "dev", "--to", "bad"]],
  ["smoke", [...servers, "--environment", "bad"]],
  ["record", ["--environment", "bad"]],
  ["audit", []],
];

describe("no secret is repeated", () => {
  const { KUBECONFIG } = process.env;
  let folder: string;
  before(() => (folder = copyOfProject()));
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => {
    if (KUBECONFIG === undefined) delete process.env["KUBECONFIG"];
    else process.env["KUBECONFIG"] = KUBECONFIG;
  });

  const refused = async (command: string, args: readonly string[], says: RegExp) => {
    const { status, stdout, stderr } = await run(command, args, folder);
    const words = `${command} ${args.join(" ")}: ${stderr}`;
    assert.match(stderr.trimEnd(), says, words);
    assert.doesNotMatch(stdout + stderr, new RegExp(`${planted}|^ {4}at `, "m"), words);
    assert.ok(status === 1 || status === 2, words);
  };

  for (const [what, text, says] of stackFiles) {
    it(`by any command that reads a stack file ${what}`, async () => {
      writeFileSync(join(folder, "Pulumi.bad.yaml"), text);
      for (const [command, args] of readers) await refused(command, args, says);
    });
  }

  for (const [what, text, says] of kubeconfigs) {
    it(`by up and promote, of a kubeconfig ${what}`, async () => {
      rmSync(join(folder, "Pulumi.bad.yaml"), { force: true });
      process.env["KUBECONFIG"] = join(folder, "kubeconfig");
      writeFileSync(process.env["KUBECONFIG"], text);
      await refused("up", ["--context", "mine"], says);
      await refused("promote", ["--from", "dev", "--to", "staging", "--from-context", "mine"], says);
      await refused("promote", ["--from", "dev", "--to", "staging", "--to-context", "mine"], says);
    });
  }

  for (const [what, file, text, says] of [
    ["a torn stack file", "Pulumi.dev.yaml", `config: { a: "${planted}\n`, /no valid YAML at line \d+\.$/],
    [
      "a torn manifest",
      "rendered/dev/a.yaml",
      `stringData: { a: "${planted}\n`,
      /no valid YAML at line \d+\.$/,
    ],
    [
      "a manifest of nothing",
      "rendered/dev/a.yaml",
      `stringData: { a: ${planted} }\n`,
      /is no Kubernetes object/,
    ],
  ] as const) {
    it(`by diff, of ${what}`, async () => {
      const side = join(folder, "side");
      mkdirSync(join(side, "rendered/dev"), { recursive: true });
      writeFileSync(join(side, file), text);
      await refused("diff", [side, side], says);
      rmSync(side, { recursive: true });
    });
  }

  it("by audit, of a torn manifest or one of nothing", async () => {
    mkdirSync(join(folder, "rendered/dev"), { recursive: true });
    for (const text of [`stringData: { a: "${planted}\n`, `stringData: { a: ${planted} }\n`]) {
      writeFileSync(join(folder, "rendered/dev/a.yaml"), text);
      await refused("audit", [], /is no (valid YAML at line \d+|Kubernetes object)/);
    }
  });

  it("by smoke, of an address with credentials", async () => {
    await refused(
      "smoke",
      ["--otlp", `http://me:${planted}@tempo:4318`, ...servers.slice(2)],
      /argument 'http:\/\/\(secret\)@tempo:4318' is invalid\. Want it without user and password/,
    );
  });
});

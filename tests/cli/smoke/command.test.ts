import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder } from "../../../engine/stack-files.ts";
import { address, certificates, receiver, seconds, tlsFor } from "../../../cli/smoke/options.ts";
import type { SmokeReport } from "../../../cli/smoke/result.ts";
import { fakeStack, type FakeStack, type Misbehaviour } from "./fake-stack.ts";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const smoke = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(projectFolder, "cli/smoke.ts"), ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

const addresses = ({ otlp, tempo, prometheus }: Pick<FakeStack, "otlp" | "tempo" | "prometheus">) => [
  ...["--otlp", otlp],
  ...["--tempo", tempo],
  ...["--prometheus", prometheus],
];

async function against(wrong: Misbehaviour, ...args: string[]): Promise<Ended> {
  const stack = await fakeStack(wrong);
  return smoke(...addresses(stack), "--deadline", "3s", ...args).finally(() => stack.close());
}

describe("an option of smoke", () => {
  for (const [what, parse, text, says] of [
    ["an address without a scheme", address, "127.0.0.1:4318", "Want an http:// or https:// URL."],
    ["an address with a password", receiver, "http://u:p@127.0.0.1:1", /^Want it without user and password/],
    ["a deadline without a unit", seconds, "300", 'Want a duration such as "90s" or "5m".'],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parse(text), { name: "InvalidArgumentError", message: says });
    });
  }
});

describe("certificates for OTLP", () => {
  let folder: string;

  before(() => (folder = mkdtempSync(join(tmpdir(), "smoke-tls-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("are the files of a folder: the authority's, and one's own with its key", () => {
    const refuses = (message: string) =>
      assert.throws(() => certificates(folder), { name: "InvalidArgumentError", message });
    refuses("Want a folder with ca.crt in it.");
    writeFileSync(join(folder, "ca.crt"), "authority");
    assert.deepEqual(certificates(folder), { ca: "authority" });
    writeFileSync(join(folder, "tls.crt"), "mine");
    refuses("Want both tls.crt and tls.key in it, or neither.");
    writeFileSync(join(folder, "tls.key"), "key");
    assert.deepEqual(certificates(folder), { ca: "authority", own: { cert: "mine", key: "key" } });
  });

  it("are of the Service's name, where a port-forward has another", () => {
    const nameOf = (otlp: string) => tlsFor(otlp, { ca: "" }, "tempo.tracing.svc").serverName;
    assert.equal(nameOf("https://127.0.0.1:4318"), "tempo.tracing.svc");
    assert.equal(nameOf("https://[::1]:4318"), "tempo.tracing.svc");
    assert.equal(nameOf("https://localhost:4318"), "tempo.tracing.svc");
    assert.equal(nameOf("https://otlp.example.org"), undefined);
  });
});

describe("the command smoke", () => {
  it("takes a receiver's whole address and servers below a path, and ends with 0 where all is well", async () => {
    const below = (path: string) => (url: URL) =>
      url.pathname.startsWith(path) ? undefined : { status: 404, body: "" };
    const stack = await fakeStack({ otlp: below("/v1/traces"), prometheus: below("/prom/") });
    const args = addresses({
      otlp: `${stack.otlp}/v1/traces`,
      tempo: stack.tempo,
      prometheus: `${stack.prometheus}/prom/`,
    });
    const { code, stdout, stderr } = await smoke(...args).finally(() => stack.close());
    assert.match(stdout, /^ {2}span metrics {2,}ok {2,}\d+\.\d {2}4 spans, each counted once$/m);
    assert.match(stdout, /\n8 ok, after .* s\.\n$/);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });

  it("ends with 1, and tells cause and remedy once, without a stack trace", async () => {
    const { code, stdout, stderr } = await against({ tempo: "down" });
    assert.match(stdout, /^ {2}trace by its id {2,}FAILED/m);
    assert.match(
      stdout,
      /^trace by its id, trace by search\n {2}Seen: {3}Tempo at .*\n {2}Cause: {2}.*\n {2}To do: {2}/m,
    );
    assert.match(stdout, /\n5 ok, 3 failed, after .* s\.\n$/);
    assert.doesNotMatch(stdout, /^\s+at /m);
    assert.ok(stdout.split("\n").every((line) => line.length <= 100));
    assert.deepEqual({ code, stderr }, { code: 1, stderr: "" });
  });

  it("writes nothing but a JSON document with --output json", async () => {
    const { code, stdout } = await against({ otlp: "down" }, "--output", "json");
    const { id, results } = JSON.parse(stdout) as SmokeReport;
    assert.match(id, /^smoke-[0-9a-f]{8}$/);
    assert.match(results.find(({ status }) => status === "failed")!.failure!.cause, /port-forward/);
    assert.equal(code, 1);
  });
});

import assert from "node:assert/strict";
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { alignRows, outputLines } from "../../terminal/table.ts";
import { UserError } from "../../errors.ts";
import { kubeconfig } from "../../sandbox/connection.ts";
import { requireContext } from "../../engine/contexts.ts";
import { formatSeconds } from "../../terminal/duration.ts";

describe("report", () => {
  it("aligns columns", () => {
    assert.deepEqual(
      alignRows([
        ["a", "bb", "c"],
        ["aaa", "b", "c"],
      ]),
      ["  a    bb  c", "  aaa  b   c"],
    );
  });

  it("groups outputs by their path, single values first", () => {
    const outputs = { tempo: { url: "u", ports: { grpc: 4317 } }, version: "1", boards: [{ uid: "x" }] };
    assert.deepEqual(outputLines(outputs), [
      "  version  1",
      "  tempo",
      "    url  u",
      "  tempo.ports",
      "    grpc  4317",
      "  boards[0]",
      "    uid  x",
    ]);
  });

  for (const [seconds, text] of [
    [0.04, "0.0 s"],
    [3, "3 s"],
    [3.21, "3.2 s"],
    [59.4, "59 s"],
    [60, "1 min"],
    [272, "4 min 32 s"],
  ] as const) {
    it(`says ${seconds} s as "${text}"`, () => assert.equal(formatSeconds(seconds), text));
  }
});

describe("contexts of a kubeconfig", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "kubeconfig-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (text: string) => {
    const file = path.join(folder, "config");
    writeFileSync(file, text);
    return { KUBECONFIG: file };
  };
  const sandbox = kubeconfig({ server: "https://127.0.0.1:1", token: "t", certificate: "c" });

  it("has the sandbox's in the sandbox's kubeconfig", () => {
    requireContext("llm-tracing-sandbox", write(sandbox));
  });

  it("names the contexts there are when one is missing", () => {
    assert.throws(
      () => requireContext("prod", write(sandbox)),
      (error: UserError) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /no context "prod".* There are: llm-tracing-sandbox\.$/);
        return true;
      },
    );
  });

  it("says that there are none at all", () => {
    assert.throws(
      () => requireContext("prod", { KUBECONFIG: path.join(folder, "none") }),
      /no contexts at all/,
    );
  });

  it("says that a file is no kubeconfig", () => {
    assert.throws(() => requireContext("prod", write("a: [")), /is not a kubeconfig/);
  });
});

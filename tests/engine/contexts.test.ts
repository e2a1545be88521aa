import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { requireContext } from "../../engine/contexts.ts";
import { UserError } from "../../errors.ts";
import { kubeconfig } from "../../sandbox/connection.ts";

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
    assert.throws(() => requireContext("prod", write("contexts: 7")), /is not a kubeconfig/);
  });

  it("repeats nothing of a torn file, which holds tokens", () => {
    const torn = write('users:\n  - user: { token: "hunter2\n');
    assert.throws(
      () => requireContext("prod", torn),
      (error: Error) =>
        /is no valid YAML at line \d+\.$/.test(error.message) && !error.message.includes("hunter2"),
    );
  });
});

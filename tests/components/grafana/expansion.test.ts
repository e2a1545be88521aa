import assert from "node:assert/strict";
import { expand, type GrafanaHost } from "./expansion.ts";

const host: GrafanaHost = {
  env: { USER_NAME: "reader", PASSWORD: "a$USER_NAME${b}$$c" },
  files: { "/run/secrets/password": "from a file\n" },
};

/** What Grafana itself was seen to make of each, or its source says. */
const cases: readonly (readonly [string, unknown])[] = [
  ["$USER_NAME", "reader"],
  ["${USER_NAME}", "reader"],
  ["$__env{USER_NAME}", "reader"],
  ["$__file{/run/secrets/password}", "from a file"],
  ["$PASSWORD", "a$USER_NAME${b}$$c"],
  ["$NOBODY", ""],
  ["id = '${traceID}'", "id = ''"],
  ["id = '$${traceID}'", "id = '${traceID}'"],
  ["{$$__tags}", "{$__tags}"],
  ["5 $", "5 $"],
  ["$$$$", "$$"],
  ["$__unknown{x}", "{x}"],
];

describe("Grafana's expansion of provisioning files", () => {
  for (const [text, becomes] of cases) {
    it(`makes ${JSON.stringify(becomes)} of ${text}`, () => {
      assert.equal(expand(text, host), becomes);
    });
  }

  it("goes into lists and maps and leaves numbers, truth values and keys", () => {
    assert.deepEqual(expand({ $KEY: ["$USER_NAME", 1, true, null] }, host), {
      $KEY: ["reader", 1, true, null],
    });
  });
});

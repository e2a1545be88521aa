import assert from "node:assert/strict";
import { alignRows, outputLines } from "../../terminal/table.ts";

describe("a table", () => {
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
});

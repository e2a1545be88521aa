import assert from "node:assert/strict";
import fc from "fast-check";
import { goDuration } from "../../../components/tempo/duration.ts";
import { parseDuration } from "../../../settings/units.ts";

const secondsPer: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** As Go's time.ParseDuration reads it; refuses what Go refuses. */
function readGo(text: string): number {
  assert.match(text, /^(0|(\d+(h|m|s|ms))+)s?$/);
  return [...text.matchAll(/(\d+)(ms|h|m|s)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * secondsPer[unit!]!,
    0,
  );
}

describe("durations in Go's notation", () => {
  it("mean the same, to the millisecond", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 400 * 604_800, noNaN: true }), (seconds) => {
        assert.ok(Math.abs(readGo(goDuration(seconds)) - seconds) < 1e-3);
      }),
    );
  });

  for (const [text, go] of [
    ["14d", "336h"],
    ["1h30m", "1h30m"],
    ["1.5h", "1h30m"],
    ["2w", "336h"],
    ["90s", "1m30s"],
    ["250ms", "250ms"],
    ["1m0.5s", "1m500ms"],
  ] as const) {
    it(`write the setting ${text} as ${go}`, () => {
      assert.equal(goDuration(parseDuration(text)!), go);
    });
  }
});

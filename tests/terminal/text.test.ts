import assert from "node:assert/strict";
import { formatSeconds } from "../../terminal/duration.ts";
import { wrap } from "../../terminal/wrap.ts";

describe("a duration", () => {
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

describe("wrapping", () => {
  for (const [what, text, lines] of [
    ["keeps what fits", "ten  chars", ["ten  chars"]],
    ["breaks after a space", "a few words more", ["a few", "words more"]],
    ["breaks after a comma or a bracket", "sum(a)by(bcde)", ["sum(a)", "by(bcde)"]],
    ["cuts a word that is too long", "0123456789abc d", ["0123456789", "abc d"]],
  ] as const) {
    it(what, () => assert.deepEqual(wrap(text, 10), lines));
  }
});

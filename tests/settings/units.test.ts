import assert from "node:assert/strict";
import fc from "fast-check";
import { duration, goDuration, quantity } from "../../settings/units.ts";

/** Every unit a setting may use, with Go's own names and what Go lacks. */
const secondsPer = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const goSecondsPer: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

const bytesPer = { "": 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const binaryPer = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
const amountPer = { ...bytesPer, ...binaryPer };

const unitIn = <T extends Record<string, number>>(units: T) =>
  fc.constantFrom(...(Object.keys(units) as (keyof T & string)[]));

/** As Go's time.ParseDuration reads it; refuses what Go refuses. */
function readGo(text: string): number {
  assert.match(text, /^(0|(\d+(h|m|s|ms))+)s?$/);
  return [...text.matchAll(/(\d+)(ms|h|m|s)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * goSecondsPer[unit!]!,
    0,
  );
}

describe("durations", () => {
  const part = fc.tuple(fc.integer({ min: 0, max: 400 }), unitIn(secondsPer));

  it("mean the same in Go's notation, to the millisecond", () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const wanted = parts.reduce((sum, [count, unit]) => sum + count * secondsPer[unit], 0);
        fc.pre(wanted > 0);
        const { seconds } = duration().parse(parts.map(([count, unit]) => `${count}${unit}`).join(""));
        assert.ok(Math.abs(seconds - wanted) < 1e-6, `${seconds} is not ${wanted}`);
        assert.ok(Math.abs(readGo(goDuration({ seconds })) - wanted) < 1e-3);
      }),
    );
  });

  it("are a number of seconds or refused, whatever the text", () => {
    const almost = fc.stringMatching(/^[0-9.]{0,4}(ms|s|m|h|d|w|y|M|-| )?[0-9.]{0,3}(h|s|ns)?$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), almost), (text) => {
        const result = duration().safeParse(text);
        if (result.success) assert.ok(Number.isFinite(result.data.seconds));
        else assert.match(result.error.issues[0]!.message, /^a duration/);
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
    it(`writes ${text} as ${go}`, () => {
      assert.equal(goDuration(duration().parse(text)), go);
    });
  }

  for (const text of ["0s", "0h0m", "5300w", "9".repeat(30) + "w", "9".repeat(400) + "h"]) {
    it(`refuses ${text.slice(0, 12)}, which Go or Tempo cannot hold`, () => {
      assert.equal(duration().safeParse(text).success, false);
    });
  }

  for (const text of ["", "5", "five", "5 s", "-5s", "5S", "1e3s", ".5s", "5s,", "NaNs", "Infinityh"]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(duration().safeParse(text).success, false);
    });
  }
});

describe("quantities", () => {
  it("are their number times their unit, and keep their text", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), unitIn(amountPer), (count, unit) => {
        const { amount, text } = quantity("1Gi").parse(`${count}${unit}`);
        assert.equal(amount, count * amountPer[unit]);
        assert.equal(text, `${count}${unit}`);
      }),
    );
  });

  it("are a positive number or refused, whatever comes", () => {
    const almost = fc.stringMatching(/^[0-9.]{0,4}(Ki|Mi|Gi|G|m|k|K|B|GB)?$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), almost, fc.double(), fc.integer()), (value) => {
        const result = quantity("2Gi").safeParse(value);
        if (result.success) assert.ok(Number.isFinite(result.data.amount) && result.data.amount > 0);
        else assert.match(result.error.issues[0]!.message, /^a Kubernetes quantity such as "2Gi"/);
      }),
    );
  });

  for (const value of ["", "0", "0Gi", "-1Gi", "1 Gi", "1gi", "1GB", "Gi", "1Gi2", "1e3", null, true]) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.equal(quantity("2Gi").safeParse(value).success, false);
    });
  }
});

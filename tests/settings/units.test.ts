import assert from "node:assert/strict";
import fc from "fast-check";
import { bytes, cores, duration as durationWithin, parseQuantity } from "../../settings/units.ts";

const duration = () => durationWithin({ least: "1ms", most: "36500d" });

/** Every unit a setting may use. */
const secondsPer = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

const decimalPer = { "": 1, n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
const binaryPer = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 };
const amountPer = { ...decimalPer, ...binaryPer };

const unitIn = <T extends Record<string, number>>(units: T) =>
  fc.constantFrom(...(Object.keys(units) as (keyof T & string)[]));

describe("durations", () => {
  const part = fc.tuple(fc.integer({ min: 0, max: 400 }), unitIn(secondsPer));

  it("are the sum of their parts, in seconds", () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const wanted = parts.reduce((sum, [count, unit]) => sum + count * secondsPer[unit], 0);
        fc.pre(wanted > 0);
        const { seconds } = duration().parse(parts.map(([count, unit]) => `${count}${unit}`).join(""));
        assert.ok(Math.abs(seconds - wanted) < 1e-6, `${seconds} is not ${wanted}`);
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
  it("are their number times their unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), unitIn(amountPer), (count, unit) => {
        assert.equal(parseQuantity(`${count}${unit}`), count * amountPer[unit]);
      }),
    );
  });

  it("are a positive number and their text, or refused, whatever comes", () => {
    const almost = fc.stringMatching(/^[0-9.]{0,4}(e[0-9]|Ki|Mi|Gi|G|m|k|K|B|GB)?$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), almost, fc.double(), fc.integer()), (value) => {
        for (const kind of [bytes("2Gi", "1Mi"), cores("2Gi")]) {
          const result = kind.safeParse(value);
          if (!result.success)
            assert.match(result.error.issues[0]!.message, /^a Kubernetes quantity such as "2Gi"/);
          else assert.ok(result.data.amount > 0 && result.data.text === String(value));
        }
      }),
    );
  });

  for (const value of ["1Mi", "1.5Gi", "1Pi", "1Ei", "2e9", "2E9", "1048576", 1048576, ".5Gi", "1E"]) {
    it(`take ${JSON.stringify(value)} bytes`, () => assert.ok(bytes("2Gi", "1Mi").safeParse(value).success));
  }

  for (const value of ["1", "250m", "0.5", ".5", "2", 2, "1e-3", "1k"]) {
    it(`take ${JSON.stringify(value)} cores`, () => assert.ok(cores("2").safeParse(value).success));
  }

  const nowhere = ["", "0", "0Gi", "-1Gi", "1 Gi", "1gi", "1GB", "Gi", "1Gi2", "1e", "9Ei9", null, true];
  for (const value of nowhere) {
    it(`refuse ${JSON.stringify(value)}`, () => {
      assert.equal(bytes("2Gi", "1Mi").safeParse(value).success, false);
      assert.equal(cores("2").safeParse(value).success, false);
    });
  }

  for (const value of ["10", "0.5", "100m", "250m", "1000n", "9Ei"]) {
    it(`refuse ${value} bytes`, () => assert.equal(bytes("2Gi", "1Mi").safeParse(value).success, false));
  }

  for (const value of ["2Gi", "1M", "0.0001", "1u"]) {
    it(`refuse ${value} cores`, () => assert.equal(cores("2").safeParse(value).success, false));
  }
});

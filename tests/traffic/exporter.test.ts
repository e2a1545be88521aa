import assert from "node:assert/strict";
import { exportTimeoutSeconds } from "../../assembly/application-env.ts";
import { jitter, triesAt } from "../../traffic/exporter.ts";

describe("an exporter of the SDK", () => {
  for (const [timeoutSeconds, factor, last] of [
    [10, jitter.least, 5.6],
    [10, 1, 7],
    [10, jitter.most, 8.4],
    [exportTimeoutSeconds, jitter.least, 24.8],
    [exportTimeoutSeconds, 1, 31],
    [exportTimeoutSeconds, jitter.most, 37.2],
  ] as const) {
    it(`tries for ${last} s with a timeout of ${timeoutSeconds} s and waits of ${factor} times theirs`, () => {
      assert.ok(Math.abs(triesAt(timeoutSeconds, factor).at(-1)! - last) < 1e-9);
    });
  }
});

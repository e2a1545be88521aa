import assert from "node:assert/strict";
import type { Tempo210, Tempo30 } from "../../../components/tempo/schema.ts";

/** These fail in the type check, not when they run: a line that compiles where an error is expected is an error. */
describe("the types of Tempo's configuration", () => {
  it("refuse a misspelt key, and the other line's sections", () => {
    const retention = { block_retention: "72h" };
    const wrong = [
      // @ts-expect-error a misspelt key
      { ingester: { trace_idle_periode: "15s" } } satisfies Partial<Tempo210>,
      // @ts-expect-error 3.0 has no compactor
      { compactor: { compaction: retention } } satisfies Partial<Tempo30>,
      // @ts-expect-error 2.10 has no live store
      { backend_worker: { compaction: retention } } satisfies Partial<Tempo210>,
    ];
    assert.equal(wrong.length, 3);
  });
});

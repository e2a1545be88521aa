import assert from "node:assert/strict";
import { searchId } from "../../../traffic/expected.ts";
import { describeRows, spansOf } from "../values/tables.ts";
import type { LiveRun } from "./run.ts";

/** The tables of the dashboard, and a trace that is opened from one. */
export function describeLiveTables(run: () => LiveRun): void {
  // A trace that came in two parts, as of a busy machine, is searched in two parts until its block is complete. Tempo 2 can
  // be told to complete it; Tempo 3 has no such address.
  before(() => fetch(new URL("/flush", run().backends.tempo), { method: "POST" }));

  describeRows(run);

  it("opens a chat of Open WebUI's with all its spans", async () => {
    const { recordings } = run();
    for (const name of ["chat-stream", "chat-browser", "chat-broken"]) {
      const { spans } = recordings.openWebui.find((each) => each.name === name)!;
      assert.equal(await spansOf(searchId(spans[0]!.traceId), run()), spans.length, name);
    }
  });
}

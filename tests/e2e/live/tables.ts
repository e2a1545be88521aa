import assert from "node:assert/strict";
import { searchId } from "../../../traffic/expected.ts";
import { describeRows, spansOf } from "../values/tables.ts";
import type { LiveRun } from "./run.ts";

/** The tables of the dashboard, and a trace that is opened from one. */
export function describeLiveTables(run: () => LiveRun): void {
  // What a busy machine sent in two parts is searched in two parts until its block is complete, as Tempo 2 is asked for here.
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

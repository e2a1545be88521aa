import assert from "node:assert/strict";
import type { TraceqlQuery } from "../../../telemetry/signals.ts";
import { newest, recentTraces, searchId, slowTraces } from "../../../traffic/expected.ts";
import { isModelCall } from "../../../traffic/span.ts";
import { eventually } from "../values/agreement.ts";
import { signals } from "../values/product.ts";
import { record } from "../values/record.ts";
import { columnsAgree, ids, spansOf, traces } from "../values/tables.ts";
import type { LiveRun } from "./run.ts";

/** The tables of the dashboard, and a trace that is opened from one. */
export function describeLiveTables(run: () => LiveRun): void {
  const tables: [{ title: string; queries: readonly [TraceqlQuery] }, (sent: LiveRun["sent"]) => string[]][] =
    [
      [signals.slowRequests, (sent) => slowTraces(sent, 5)],
      [signals.recentTraces, (sent) => recentTraces(sent)],
      [signals.modelCalls, (sent) => newest(sent.filter(({ trace }) => trace.spans.some(isModelCall)))],
    ];
  for (const [{ title, queries }, expectedIds] of tables) {
    it(`lists ${title}`, async () => {
      const expected = expectedIds(run().sent).map(searchId);
      await eventually(60, async () => assert.deepEqual(ids(await traces(queries[0], run())), expected));
      record(title, `${expected.length} traces`, "the same, in that order");
    });
  }

  it("tells what the calls of models used", () => columnsAgree(run()));

  it("opens a chat of Open WebUI's with all its spans", async () => {
    const { recordings } = run();
    for (const name of ["chat-stream", "chat-browser", "chat-broken"]) {
      const { spans } = recordings.openWebui.find((each) => each.name === name)!;
      assert.equal(await spansOf(searchId(spans[0]!.traceId), run()), spans.length, name);
    }
  });
}

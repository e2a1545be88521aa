import assert from "node:assert/strict";
import { ask } from "../../../cli/ask.ts";
import type { FoundTrace } from "../../../cli/ask.ts";
import type { Query } from "../../../telemetry/signals.ts";
import { newest, recentTraces, searchId, slowTraces } from "../../../traffic/expected.ts";
import { isModelCall } from "../../../traffic/span.ts";
import { eventually } from "./agreement.ts";
import { exemplarTraceIds } from "./measure.ts";
import { lately } from "./over-time.ts";
import { signals } from "./product.ts";
import { record } from "./record.ts";
import type { Run } from "./run.ts";
import { documentedTraceId } from "./traffic.ts";

const limit = 50;

/** Attributes that the table of model calls shows. */
const columns = [
  "litellm.provider.model",
  "gen_ai.usage.input_tokens",
  "gen_ai.usage.output_tokens",
  "gen_ai.response.time_to_first_chunk",
  "litellm.cost.total",
  "error.type",
];

/** Tables of traces, and the trace itself. */
export function describeTables(run: () => Run): void {
  const tables: [Query, string, (sent: Run["sent"]) => string[]][] = [
    [signals.slowRequests.queries[0], signals.slowRequests.title, (sent) => slowTraces(sent, 5)],
    [signals.recentTraces.queries[0], signals.recentTraces.title, (sent) => recentTraces(sent)],
    [
      signals.modelCalls.queries[0],
      signals.modelCalls.title,
      (sent) => newest(sent.filter(({ trace }) => trace.spans.some(isModelCall))),
    ],
  ];
  for (const [query, title, expectedIds] of tables) {
    it(`lists ${title}: the newest ${limit} of more, the newest first`, async () => {
      const expected = expectedIds(run().sent).map(searchId);
      assert.equal(expected.length, limit);
      await eventually(60, async () => {
        assert.deepEqual(ids(await traces(query, run())), expected);
      });
      record(title, `${limit} traces, ${expected[0]} to ${expected[limit - 1]}`, "the same, in that order");
    });
  }

  it("tells model, tokens, time to the first token, cost and error of each model call", () =>
    columnsAgree(run()));

  it("opens a trace with all its spans, by the id that a table shows", async () => {
    for (const id of [searchId(documentedTraceId), ...(await tableIds(run())).slice(0, 10)]) {
      const { trace } = run().sent.find((one) => searchId(one.trace.id) === id)!;
      assert.equal(await spansOf(id, run()), trace.spans.length, id);
    }
    record(signals.trace.title, "every span of the trace", "every span of the trace");
  });

  it("draws diamonds that open a trace of LiteLLM's", async () => {
    const { backends, window, sent } = run();
    for (const { text } of signals.latencyPercentiles.queries) {
      const found = await exemplarTraceIds(
        backends.prometheus,
        text.replaceAll("$interval", "1m").replaceAll("$environment", "dev"),
        window,
      );
      assert.ok(found.length > 0);
      for (const id of found) {
        const { trace } = sent.find((one) => searchId(one.trace.id) === searchId(id))!;
        assert.equal(await spansOf(id, run()), trace.spans.length);
      }
    }
  });
}

/** Requires that the table of model calls tells of each what its span has. */
export async function columnsAgree(run: Run): Promise<void> {
  const found = await traces(signals.modelCalls.queries[0], run);
  assert.ok(found.length > 0);
  for (const row of found) {
    const { trace } = run.sent.find((one) => searchId(one.trace.id) === row.traceID)!;
    const expected = trace.spans.filter(isModelCall).map((span) => [span.id, only(span.attributes)] as const);
    assert.deepEqual(attributesBySpan(row), Object.fromEntries(expected), row.traceID);
  }
}

/** What a search for all traces of the run answers. */
export async function traces(query: Query, { backends, sent }: Run): Promise<readonly FoundTrace[]> {
  const answer = await ask(query, backends, lately(sent));
  assert.ok(answer.kind === "traces");
  return answer.traces;
}

export const ids = (found: readonly FoundTrace[]): string[] => found.map(({ traceID }) => traceID);

const tableIds = async (run: Run): Promise<string[]> =>
  ids(await traces(signals.slowRequests.queries[0], run));

/** How many spans the panel of a trace draws. */
export async function spansOf(traceId: string, { backends, sent }: Run): Promise<number> {
  const answer = await ask(signals.trace.queries[0], backends, lately(sent, { traceId }));
  assert.ok(answer.kind === "spans");
  return answer.count;
}

const only = (attributes: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    columns.filter((name) => attributes[name] !== undefined).map((name) => [name, String(attributes[name])]),
  );

const attributesBySpan = ({ spanSets = [] }: FoundTrace): Record<string, Record<string, string>> =>
  Object.fromEntries(
    spanSets.flatMap(({ spans: found }) =>
      found.map(({ spanID, attributes = [] }) => [
        spanID,
        only(Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))),
      ]),
    ),
  );

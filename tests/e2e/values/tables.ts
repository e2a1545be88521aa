import assert from "node:assert/strict";
import { attributes as known } from "../../../telemetry/attributes.ts";
import { ask } from "../../../clients/ask.ts";
import type { FoundTrace } from "../../../clients/tempo.ts";
import type { Query } from "../../../telemetry/signals.ts";
import { recentCalls, recentRequests, searchId, slowRequests, type Rows } from "../../../traffic/expected.ts";
import { eventually } from "./agreement.ts";
import { exemplarTraceIds } from "./measure.ts";
import { lately } from "./over-time.ts";
import { signals } from "./product.ts";
import { record } from "./record.ts";
import type { Run } from "./run.ts";
import { documentedTraceId } from "./traffic.ts";

/** Attributes that a table of requests shows, and those that the table of model calls does. */
const requestColumns = [
  known.requestModel,
  known.userId,
  known.httpStatusCode,
  known.errorType,
  known.errorProvider,
].map(({ name }) => name);
const callColumns = [
  known.providerModel,
  known.inputTokens,
  known.outputTokens,
  known.timeToFirstChunk,
  known.costTotal,
  known.errorType,
].map(({ name }) => name);

/** What each table must list, and with which attributes. */
export const tables = [
  [signals.slowRequests, (sent: Run["sent"]) => slowRequests(sent, 5), requestColumns],
  [signals.recentTraces, (sent: Run["sent"]) => recentRequests(sent), requestColumns],
  [signals.modelCalls, recentCalls, callColumns],
] as const;

/** Tables of spans, and the trace itself. */
export function describeTables(run: () => Run): void {
  describeRows(run);

  it("has more traces than the tables show", () => {
    assert.ok(recentRequests(run().sent, { limit: 1000 }).length > 50);
    assert.ok(recentCalls(run().sent).length === 50);
  });

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

/** Requires of each table the newest traces in their order, of each its spans, and of those what they have. */
export function describeRows(run: () => Run): void {
  for (const [{ title, queries }, rowsOf, columns] of tables) {
    it(`lists ${title}: the newest first, a span a row, with its attributes`, async () => {
      const expected = rowsOf(run().sent);
      assert.ok(expected.length > 0);
      await eventually(60, async () => {
        const found = await traces(queries[0], run());
        assert.deepEqual(
          ids(found),
          expected.map(({ traceId }) => searchId(traceId)),
        );
        found.forEach((row, index) =>
          assert.deepEqual(
            attributesBySpan(row, columns),
            wantedBySpan(expected[index]!, columns),
            row.traceID,
          ),
        );
      });
      const spans = expected.reduce((sum, row) => sum + row.spans.length, 0);
      record(title, `${spans} rows of ${expected.length} traces`, "the same, in that order");
    });
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

type Columns = readonly string[];

const only = (attributes: Readonly<Record<string, unknown>>, columns: Columns): Record<string, string> =>
  Object.fromEntries(
    columns.filter((name) => attributes[name] !== undefined).map((name) => [name, String(attributes[name])]),
  );

const wantedBySpan = ({ spans }: Rows, columns: Columns) =>
  Object.fromEntries(spans.map(({ id, attributes }) => [id, only(attributes, columns)]));

const attributesBySpan = ({ spanSets = [] }: FoundTrace, columns: Columns) =>
  Object.fromEntries(
    spanSets.flatMap(({ spans }) =>
      spans.map(({ spanID, attributes = [] }) => [
        spanID,
        only(Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])), columns),
      ]),
    ),
  );

import assert from "node:assert/strict";
import { ask } from "../../../clients/ask.ts";
import { AnsweredError, getJson } from "../../../clients/http.ts";
import { traceMetrics } from "../../../telemetry/signals.ts";
import { publishedTraceql } from "../../contract/corpus/wrong.ts";
import { documentQueries } from "../../contract/product.ts";
import { requestCounts, searchId } from "../../../traffic/expected.ts";
import { agree, eventually } from "./agreement.ts";
import { documented } from "./documented.ts";
import type { Expectation } from "./documented.ts";
import { atTheEnd, exactly, lines } from "./graphs.ts";
import { dated, lately, pointsOf } from "./over-time.ts";
import type { Points } from "./over-time.ts";
import { agreeOverTime } from "./over-time-panels.ts";
import type { Trace } from "../../../traffic/span.ts";
import type { Run } from "./run.ts";
import { ids, traces } from "./tables.ts";

const step = 30;
const searchSeconds = 60;

/** Queries of README and docs, asked as a reader would. */
export function describeDocuments(run: () => Run): void {
  const printed = documentQueries();
  const wanted = printed.filter(({ refused }) => !refused);

  for (const { place, text } of wanted.filter(({ language }) => language === "traceql")) {
    it(`finds what ${place} is for: ${text}`, async () => {
      const expectation = documented[text];
      assert.ok(expectation, "tests/e2e/values/documented.ts does not say what this query must find");
      await eventually(searchSeconds, () => meets(expectation, text, run()));
    });
  }

  for (const { place, text } of wanted.filter(({ language }) => language === "promql")) {
    it(`counts the requests that ${place} is for: ${text}`, async () => {
      assert.equal(text, requestsPerSecond);
      const { backends, counted, window } = run();
      const question = atTheEnd(window);
      const overAll = exactly(text.replace("[5m]", `[${question.variables["interval"]}]`), run());
      const seconds = window[1] - window[0];
      const expected = Object.entries(requestCounts(counted)).map(([service, count]) => [
        service,
        count / seconds,
      ]);
      agree(await promql(overAll), Object.fromEntries(expected) as Record<string, number>);
      assert.deepEqual(Object.keys(await promql(text)), ["litellm", "open-webui"]);

      async function promql(query: string) {
        return lines({ language: "promql", text: query, legend: "" }, backends, question);
      }
    });
  }

  it("has an expectation for nothing but what is printed", () => {
    const texts = wanted.map(({ text }) => text);
    assert.deepEqual(
      Object.keys(documented).filter((text) => !texts.includes(text)),
      [],
    );
  });

  const old = new Set([
    ...printed.filter(({ refused }) => refused).map(({ text }) => text),
    ...publishedTraceql.map(({ text }) => text),
  ]);
  for (const text of old) {
    it(`is refused: ${text}`, async () => {
      for (const api of ["/api/search", "/api/metrics/query_range"]) {
        await assert.rejects(tempo(run(), api, text), isRefusal, api);
      }
    });
  }
}

/** Requests per second by service; no panel asks it in these words. */
const requestsPerSecond =
  'sum by (service) (rate(traces_spanmetrics_calls_total{span_kind="SPAN_KIND_SERVER"}[5m]))';

const isRefusal = (error: unknown): boolean => error instanceof AnsweredError && error.status === 400;

async function meets(expectation: Expectation, text: string, run: Run): Promise<void> {
  if ("traces" in expectation) {
    const found = await traces({ language: "traceql", text, limit: 500, spansPerTrace: 1 }, run);
    const { traces: must, orElse = must } = expectation;
    const wanted = (which: (trace: Trace) => boolean) =>
      run.sent.filter(({ trace }) => which(trace)).map(({ trace }) => searchId(trace.id));
    const may = new Set(wanted((trace) => orElse(trace) && !must(trace)));
    assert.deepEqual(
      ids(found)
        .filter((id) => !may.has(id))
        .sort(),
      wanted(must).sort(),
    );
  } else if ("points" in expectation) {
    agreeOverTime(await metrics(text, run), expectation.points(dated(run.sent), step), step);
  } else {
    const found = await metrics(text, run);
    const [least, most] = expectation.within(dated(run.sent), step);
    assert.deepEqual(shape(found), shape(least));
    for (const [line, points] of Object.entries(found)) {
      points.forEach(([, value], index) => {
        const [low, high] = [least, most].map((bound) => bound[line]![index]![1]);
        assert.ok(low! <= value && value <= high!, `${line}: ${value} is not from ${low} to ${high}`);
      });
    }
  }
}

/** How many points each line has. */
const shape = (points: Points): Record<string, number> =>
  Object.fromEntries(Object.entries(points).map(([line, { length }]) => [line, length]));

async function metrics(text: string, { backends, sent }: Run): Promise<Points> {
  const answer = await ask(traceMetrics(text, step), backends, lately(sent, {}, step));
  assert.ok(answer.kind === "series");
  return pointsOf(answer.series);
}

function tempo({ backends, sent }: Run, api: string, q: string): Promise<unknown> {
  const { from, to } = lately(sent);
  const url = new URL(api, backends.tempo);
  url.search = new URLSearchParams({
    q,
    start: String(Math.floor(from)),
    end: String(Math.ceil(to)),
    step: `${step}s`,
  }).toString();
  return getJson("Tempo", url);
}

import assert from "node:assert/strict";
import { durations, failuresByClass, histogramQuantile } from "../../fixtures/expected.ts";
import { agree, isClose } from "./agreement.ts";
import { atTheEnd, lines } from "./graphs.ts";
import { instant, number } from "./measure.ts";
import { bounds, signals } from "./product.ts";
import type { Run } from "./run.ts";
import { impatient, patient } from "./variations.ts";
import type { Comparison } from "./variations.ts";

/** Top of Tempo's own histogram bounds, in seconds. */
const defaultTop = 16.384;

const [, p95] = signals.latencyPercentiles.queries;

/** What does not count, and as what. */
export function describeExclusions(run: () => Run): void {
  const increases = async (selector: string, by: string) => {
    const { backends, window } = run();
    const { variables } = atTheEnd(window);
    const query = `sum by (${by}) (increase(traces_spanmetrics_calls_total{${selector}}[${variables["interval"]}])) > 0`;
    const found = await instant(backends.prometheus, query, window[1]);
    return Object.fromEntries(found.map(({ labels, value }) => [labels[by] ?? "", value]));
  };

  it("counts no INTERNAL span as a request, nor at all", async () => {
    assert.ok(run().counted.some(({ spans }) => spans.some(({ kind }) => kind === "internal")));
    assert.deepEqual(Object.keys(await increases("", "span_kind")).sort(), [
      "SPAN_KIND_CLIENT",
      "SPAN_KIND_SERVER",
    ]);
  });

  it("counts an answer that broke off, and an unreachable model, as errors of a model call", async () => {
    const { APIConnectionError, MidStreamFallbackError } = failuresByClass(run().counted);
    agree(await increases('gen_ai_operation_name="chat",status_code="STATUS_CODE_ERROR"', "error_type"), {
      APIConnectionError: APIConnectionError!,
      MidStreamFallbackError: MidStreamFallbackError!,
    });
  });

  it("counts as 5xx the unreachable model only: no broken answer, no 401, no 429", async () => {
    const { APIConnectionError } = failuresByClass(run().counted);
    agree(await increases('span_kind="SPAN_KIND_SERVER",http_status_code=~"5.."', "http_status_code"), {
      500: APIConnectionError!,
    });
  });

  it("counts a 401 and a 429 as requests, and no model call for either", async () => {
    const refused = await increases('service="litellm",http_status_code=~"4.."', "http_status_code");
    agree(refused, { 401: 3, 429: 3 });
  });
}

/** What other settings would show. */
export function describeComparison(comparison: () => Comparison): void {
  it("loses the call of LiteLLM when an answer takes longer than Tempo waits, and keeps the next", async () => {
    assert.deepEqual(comparison().callsByClient, { [patient.openWebui]: 1 });
    const both = Object.values(impatient).join("|");
    const requests = `sum(traces_spanmetrics_calls_total{service=~"${both}",span_kind="SPAN_KIND_SERVER"})`;
    assert.equal(await number(comparison().ours.prometheus, requests), 2);
  });

  it(`shows a p95 of ${defaultTop} s with Tempo's own bounds, and the true one with ours`, async () => {
    const { ours, defaults, traces, windows } = comparison();
    const stuck = await lines(p95!, defaults, atTheEnd(windows.defaults));
    agree(stuck, { "": defaultTop });
    const found = (await lines(p95!, ours, atTheEnd(windows.ours)))[""]!;
    const served = durations(traces, { service: "litellm", of: "requests" }).filter(
      (seconds) => seconds > 0.05,
    );
    assert.ok(isClose(found, histogramQuantile(0.95, served, bounds)), `${found}`);
    assert.ok(found > 30 && found < 45, `${found}`);
  });

  it("makes no more series of one of each reference trace than Tempo's own settings", () => {
    const { ours, defaults } = comparison().series;
    assert.ok(ours > 0 && ours <= defaults, `${ours} series, by default ${defaults}`);
    console.log(`        series: ${ours}, by default ${defaults}`);
  });
}

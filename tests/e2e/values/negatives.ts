import assert from "node:assert/strict";
import { kinds, labels, names, statuses } from "../../../telemetry/metrics.ts";
import { attributes as known } from "../../../telemetry/attributes.ts";
import {
  answerRequests,
  durations,
  failuresByClass,
  histogramQuantile,
  requests,
} from "../../../traffic/expected.ts";
import { httpStatus, isFailed, isRefused } from "../../../traffic/span.ts";
import { agree, isClose } from "./agreement.ts";
import { atTheEnd, exactly, lines } from "./graphs.ts";
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
    const query = `sum by (${by}) (increase(${names.calls}{${selector}}[${variables["interval"]}])) > 0`;
    const found = await instant(backends.prometheus, exactly(query, run()), window[1]);
    return Object.fromEntries(found.map(({ labels: of, value }) => [of[by] ?? "", value]));
  };

  it("counts no INTERNAL span as a request, nor at all", async () => {
    assert.ok(run().counted.some(({ spans }) => spans.some(({ kind }) => kind === "internal")));
    assert.deepEqual(Object.keys(await increases("", labels.kind)).sort(), [kinds.client, kinds.server]);
  });

  it("counts failed calls of a model by class, those that broke off among them", async () => {
    const found = await increases(
      `${labels.operation}="chat",${labels.status}="${statuses.error}"`,
      labels.errorType,
    );
    agree(found, failuresByClass(run().counted));
    const classes = ["APIConnectionError", "InternalServerError", "RateLimitError", "ReadError", "Timeout"];
    assert.deepEqual(Object.keys(found).sort(), classes);
  });

  it("counts as the platform's failure timeouts, a busy provider and broken answers, beside what has a 5xx", async () => {
    const { backends, counted, window } = run();
    const failed = requests(counted).filter(isFailed);
    const codes = Object.groupBy(failed, (span) => String(httpStatus(span)));
    assert.deepEqual(Object.keys(codes).sort(), ["200", "408", "429", "500"]);
    const [query] = signals.errorRate.queries;
    const asked = { ...query, text: exactly(query.text, run()) };
    const shown = (await lines(asked, backends, atTheEnd(window)))["litellm"]!;
    const served = requests(counted).filter((span) => span.service.name === "litellm" && !isRefused(span));
    assert.ok(isClose(shown, (100 * failed.length) / served.length), `${shown} %`);
  });

  it("leaves what was refused out of the error rate and of the percentiles", async () => {
    const refused = await increases(
      `${labels.service}="litellm",${labels.httpStatusCode}=~"4..",${labels.errorProvider}=""`,
      labels.httpStatusCode,
    );
    agree(refused, { 400: 2, 401: 2, 429: 3 });
  });

  it("counts no call of Open WebUI's, and nothing below a provider's name", async () => {
    const spans = run().counted.flatMap((trace) => trace.spans);
    assert.ok(
      spans.some(({ attributes }) => attributes[known.httpRoute.name] === "/openai/v1/chat/completions"),
    );
    assert.deepEqual(await increases(`${labels.httpRoute}=~"/openai.*"`, labels.httpRoute), {});
    assert.deepEqual(
      await increases(`${labels.service}="open-webui",${labels.kind}="${kinds.client}"`, labels.spanName),
      {},
    );
  });

  it("has no label that a caller writes", async () => {
    const { backends, counted } = run();
    const asked = counted.flatMap(({ spans }) =>
      spans.map(({ attributes }) => attributes[known.requestModel.name]),
    );
    assert.ok(asked.includes("nope"));
    const url = new URL("/api/v1/series", backends.prometheus);
    url.searchParams.set("match[]", '{__name__=~"traces_.+"}');
    assert.doesNotMatch(await (await fetch(url)).text(), /nope/);
  });
}

/** What other settings would show. */
export function describeComparison(comparison: () => Comparison): void {
  it("loses the call of LiteLLM when an answer takes longer than Tempo waits, and keeps the next", async () => {
    assert.deepEqual(comparison().callsByClient, { [patient.openWebui]: 1 });
    const both = Object.values(impatient).join("|");
    const requests = `sum(${names.calls}{${labels.service}=~"${both}",${labels.kind}="${kinds.server}"})`;
    assert.equal(await number(comparison().ours.prometheus, requests), 2);
  });

  it(`shows a p95 of ${defaultTop} s with Tempo's own bounds, and the true one with ours`, async () => {
    const { ours, defaults, traces, windows } = comparison();
    const stuck = await lines(p95!, defaults, atTheEnd(windows.defaults));
    agree(stuck, { "": defaultTop });
    const found = (await lines(p95!, ours, atTheEnd(windows.ours)))[""]!;
    const served = durations(answerRequests(traces).filter((span) => !isRefused(span)));
    assert.ok(isClose(found, histogramQuantile(0.95, served, bounds)), `${found}`);
    assert.ok(found > 30 && found < 45, `${found}`);
  });

  it("makes no more series of one of each reference trace than Tempo's own settings", () => {
    const { ours, defaults } = comparison().series;
    assert.ok(ours > 0 && ours <= defaults, `${ours} series, by default ${defaults}`);
    console.log(`        series: ${ours}, by default ${defaults}`);
  });
}

import assert from "node:assert/strict";
import { labels, names } from "../../telemetry/metrics.ts";
import { smokePrefix } from "../../telemetry/smoke.ts";
import { backendPrograms, type Backends } from "../../sandbox/trace-backends.ts";
import { waitFor } from "../../clients/wait.ts";
import { chats } from "../../traffic/chats.ts";
import { exportSpans } from "../../clients/otlp.ts";
import { merged, payloadEnding } from "../../traffic/otlp.ts";
import { ollama } from "../../traffic/retell.ts";
import type { Trace } from "../../traffic/span.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";
import { eventually } from "./values/agreement.ts";
import { describeUsage, measureUsage, usageModels, type Usage } from "./usage.ts";
import { instant, number, seriesCount } from "./values/measure.ts";
import { deploy } from "./values/run.ts";

const models = 10_000;
const urls = 10_000;
const perExport = 250;

/** Most series that all of it may add: the refusals of two codes, each with its bounds, and the calls of the graph. */
const budget = 100;

/**
 * Model names and URLs that nobody has, made up by callers without a key. They reach Tempo as they were written: no collector
 * makes them harmless before.
 */
describe("a flood of made-up names", () => {
  let cluster: TestCluster;
  let backends: Backends;
  let usage: Usage;
  let seriesBefore: number;
  let seriesAfter: number;

  before(async function () {
    cluster = await openTestCluster(this, "flood", backendPrograms);
    await deploy(cluster, "10s", {
      traffic: { requestsPerMinute: 100 },
      slo: { latency: { under: "10s" } },
    });
    backends = await cluster.startBackends("deployed");
    usage = await measureUsage(backends, cluster.pairFolder("deployed"), (traces) =>
      sendAll(backends, traces),
    );
    await sendReal(backends, "before");
    seriesBefore = await settled(backends, realCounts(1));
    await flood(backends);
    await sendReal(backends, "after");
    seriesAfter = await settled(backends, realCounts(2));
  });

  after(() => cluster?.close());

  describe("after everything that was recorded", () => describeUsage(() => usage));

  it(`leaves the series within ${budget} of what they were`, async () => {
    console.log(
      `        series: ${seriesBefore} before, ${seriesAfter} after ${models} models and ${urls} URLs`,
    );
    assert.ok(seriesBefore > 50, `${seriesBefore}`);
    assert.ok(seriesAfter - seriesBefore <= budget, `${seriesBefore} before, ${seriesAfter} after`);
    assert.ok((await refusals(backends)) >= models, "the flood was counted as refused requests");
  });

  it("leaves every real model its calls, before and after", async () => {
    assert.deepEqual(await callsByModel(backends), realCounts(2));
  });

  it("puts no made-up name into a label", async () => {
    const url = new URL("/api/v1/series", backends.prometheus);
    url.searchParams.set("match[]", '{__name__=~"traces_.+"}');
    assert.doesNotMatch(await (await fetch(url)).text(), /made-up/);
  });
});

const real = ["llama3.1", "qwen2.5-coder", "mistral"].map((name) => ollama(name, "8b"));

/** Calls of each real model after so many rounds. */
const realCounts = (rounds: number): Record<string, number> =>
  Object.fromEntries(real.map(({ provider, deployment }) => [`${provider}/${deployment}`, 5 * rounds]));

const sendReal = (backends: Backends, round: string): Promise<void> =>
  sendAll(
    backends,
    real.flatMap((model) =>
      Array.from({ length: 5 }, (_, n) => chats.apiChat({ seed: `${round} ${model.name} ${n}`, model })),
    ),
  );

/** Requests without a key or for a model that is not there, and URLs that LiteLLM hands on. */
async function flood(backends: Backends): Promise<void> {
  for (let first = 0; first < models; first += perExport) {
    await sendAll(
      backends,
      range(first, perExport).map((n) =>
        (n % 2 ? chats.noKey : chats.unknownModel)({
          seed: `model ${n}`,
          model: ollama(`made-up-${n}`, "1b"),
        }),
      ),
    );
  }
  for (let first = 0; first < urls; first += perExport) {
    await sendAll(
      backends,
      range(first, perExport).map((n) =>
        atUrl(chats.unhandled({ seed: `url ${n}` }), `/openai/v1/made-up-${n}`),
      ),
    );
  }
}

/** LiteLLM makes the caller's URL the route and the name. */
const atUrl = (trace: Trace, path: string): Trace => ({
  ...trace,
  spans: trace.spans.map((span) => ({
    ...span,
    name: span.name.replace(/\/openai\/\S+/, path),
    attributes: Object.fromEntries(
      Object.entries(span.attributes).map(([name, value]) => [
        name,
        typeof value === "string" ? value.replace(/\/openai\/\S+/, path) : value,
      ]),
    ),
  })),
});

const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, n) => first + n);

/** Sends traces that have just ended, as often as it takes: Tempo refuses what exceeds its rate, as exporters know. */
const sendAll = ({ tempoOtlpHttp }: Backends, traces: readonly Trace[]): Promise<void> =>
  eventually(60, () => {
    const now = Date.now();
    const all = traces.map((trace) => payloadEnding(trace, now));
    return exportSpans(tempoOtlpHttp, merged(all), 30);
  });

/** The number of series, once these calls are counted and nothing more comes. */
async function settled(backends: Backends, calls: Record<string, number>): Promise<number> {
  let last = -1;
  return waitFor("all calls to be counted", 180, async () => {
    assert.deepEqual(await callsByModel(backends), calls);
    const series = await seriesCount(backends.prometheus);
    const same = series === last;
    last = series;
    // Two collections of Tempo's apart, and beyond the wait for the second half of a call.
    if (!same) await new Promise((resolve) => setTimeout(resolve, 30_000));
    return same && series;
  });
}

const refusals = ({ prometheus }: Backends): Promise<number> =>
  number(prometheus, `sum(${names.calls}{${labels.httpStatusCode}=~"400|401"})`);

async function callsByModel({ prometheus }: Backends): Promise<Record<string, number>> {
  const found = await instant(
    prometheus,
    `sum by (${labels.providerModel}) (${names.calls}{${labels.providerModel}!~"|.*(${usageModels}|${smokePrefix}).*"})`,
  );
  return Object.fromEntries(found.map(({ labels: of, value }) => [of[labels.providerModel]!, value]));
}

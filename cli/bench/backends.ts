import { readFileSync } from "node:fs";
import { telemetryContext } from "../../assembly/wiring.ts";
import type { Backends } from "../../sandbox/trace-backends.ts";
import type { SandboxFolder } from "../../sandbox/folder.ts";
import { waitFor } from "../../clients/wait.ts";
import type { Query } from "../../telemetry/signals.ts";
import { readRecords } from "../../processes/records.ts";
import { chats } from "../../traffic/chats.ts";
import { payload } from "../../traffic/otlp.ts";
import { ask, unchosen } from "../../clients/ask.ts";
import { exportSpans } from "../../clients/otlp.ts";
import { environmentSettings } from "../../engine/environment-settings.ts";
import { seconds } from "./figure.ts";
import { load, nanoseconds, tracesOfLoad } from "./load.ts";
import type { Report } from "./report.ts";
import { rulesCost } from "./rules.ts";

const day = 24 * 3600;
/** A question is asked this often, unless that takes too long. */
const queryRuns = 5;
const secondsPerQuestion = 15;

/** The environment that runs in the sandbox. */
const environment = "dev";

const { signals } = telemetryContext(environmentSettings(environment));
const variables = { ...unchosen, environment, traceId: "" };

/** How fast the dashboard answers over a day of many chats, and what they cost. */
export async function measureLoad(report: Report, backends: Backends, folder: SandboxFolder): Promise<void> {
  await report.attempt(`sending ${tracesOfLoad} chats of the last 24 h`, 330, () => load(backends));
  await measureQueries(report, backends);
  const name = "Tempo's memory at that load";
  const memory = () => Promise.resolve([{ name, values: [residentMegabytes(folder)], unit: "MB" }]);
  await report.measure(name, 0, memory);
  await report.measure("what the rules cost", 0, () => rulesCost(backends.prometheus));
}

/** How soon a chat is seen, by Prometheus as the first of its kind. */
export async function measureFreshness(report: Report, backends: Backends): Promise<void> {
  const trace = chats.chat({ seed: `bench ${Date.now()}`, duration: 1 });
  const start = Date.now();
  const since = () => (Date.now() - start) / 1000;
  const now = () => ({ from: start / 1000 - 300, to: Date.now() / 1000 + 30, variables });
  const sent = exportSpans(backends.otlpHttp, payload(trace.id, trace.spans, nanoseconds(start - 2000)), 10);
  const found = async () => {
    const answer = await ask(signals.recentTraces.queries[0], backends, now());
    return answer.kind === "traces" && answer.traces.some(({ traceID }) => trace.id.endsWith(traceID));
  };
  const counted = async () => {
    const answer = await ask(signals.modelRate.queries[0], backends, now());
    return answer.kind === "series" && answer.series.length > 0;
  };
  // Both at once: the second may come before the first.
  const waits = [
    { name: "sent to found by search", what: "the chat in a search", isThere: found },
    { name: "sent to counted in Prometheus", what: "the chat in Prometheus", isThere: counted },
  ].map(({ name, what, isThere }) => {
    const wait = sent.then(() => waitFor(what, 120, async () => (await isThere()) && since()));
    wait.catch(() => undefined);
    return { name, wait };
  });
  for (const { name, wait } of waits) {
    await report.measure(name, 30, async () => [{ name, values: [await wait], unit: "s" }]);
  }
}

async function measureQueries(report: Report, backends: Backends): Promise<void> {
  const to = Date.now() / 1000;
  const question = { from: to - day, to, variables };
  for (const { title, queries } of Object.values(signals)) {
    const asked = queries.filter(isAsked);
    if (asked.length === 0) continue;
    const name = `24 h: ${title}`;
    await report.measure(name, 0, async () => {
      const values: number[] = [];
      const start = Date.now();
      while (values.length < queryRuns && Date.now() - start < secondsPerQuestion * 1000) {
        values.push(await seconds(() => Promise.all(asked.map((query) => ask(query, backends, question)))));
      }
      return [{ name, values, unit: "s" }];
    });
  }
}

/** There are no logs here, the topology is Grafana's own query, and a single trace or span is no question over a day. */
const isAsked = (query: Query): boolean =>
  query.language === "share" ||
  (["promql", "traceql", "traceql-metrics"].includes(query.language) && !query.text.includes("$__tags"));

function residentMegabytes(folder: SandboxFolder): number {
  const tempo = readRecords(folder.run).find(({ name }) => name === "tempo");
  const status = readFileSync(`/proc/${tempo?.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

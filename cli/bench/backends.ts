import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import type { SandboxFolder } from "../../sandbox/folder.ts";
import { waitFor } from "../../sandbox/wait.ts";
import type { Backends } from "../../sandbox/backends.ts";
import { signals as signalsFor } from "../../telemetry/signals.ts";
import { merged, payload, send } from "../../traffic/otlp.ts";
import { chats } from "../../traffic/chats.ts";
import type { Log } from "../../tools/log.ts";
import { readRecords } from "../../tools/process/records.ts";
import { ask, unchosen } from "../ask.ts";
import { quantile, seconds, type Figure } from "./figure.ts";

const traces = 100_000;
const perExport = 250;
/** Tempo keeps at most 10,000 traces open, silently drops what exceeds them, and closes one after 15 s without a span. */
const openAtOnce = 9000;
const closedAfterSeconds = 25;
const day = 24 * 3600;
const queryRuns = 5;

/** The environment that runs in the sandbox. */
const environment = "dev";

const signals = signalsFor({
  environment,
  namespace: "tracing",
  services: { openWebui: "open-webui", litellm: "litellm" },
  slowRequestSeconds: 5,
  logStream: "default",
});

/** How soon a chat is seen, and how fast the dashboard answers over a day of many. */
export async function measureBackends(
  backends: Backends,
  folder: SandboxFolder,
  log: Log,
): Promise<Figure[]> {
  const fresh = await log.step("Waiting for a chat to be seen", 60, () => measureFreshness(backends));
  await log.step(`Sending ${traces} chats of the last 24 h`, 330, () => load(backends));
  const queries = await log.step("Asking every panel's question over 24 h", 60, () =>
    measureQueries(backends),
  );
  const memory = { name: "Tempo's memory at that load", values: [residentMegabytes(folder)], unit: "MB" };
  return [...fresh, ...queries, memory];
}

async function measureFreshness(backends: Backends): Promise<Figure[]> {
  const trace = chats.chat({ seed: `bench ${Date.now()}`, duration: 1 });
  const start = Date.now();
  await send(backends.otlpHttp, payload(trace.id, trace.spans, nanoseconds(start - 2000)), {
    timeoutMs: 10_000,
  });
  const since = () => (Date.now() - start) / 1000;
  const now = () => ({
    from: start / 1000 - 300,
    to: Date.now() / 1000 + 30,
    variables: { ...unchosen, environment },
  });
  const found = waitFor("the chat in a search", 120, async () => {
    const answer = await ask(signals.recentTraces.queries[0], backends, now());
    return (
      answer.kind === "traces" && answer.traces.some(({ traceID }) => trace.id.endsWith(traceID)) && since()
    );
  });
  const counted = waitFor("the chat in Prometheus", 120, async () => {
    const answer = await ask(signals.modelRate.queries[0], backends, now());
    return answer.kind === "series" && answer.series.length > 0 && since();
  });
  return [
    { name: "sent to found by search", values: [await found], unit: "s" },
    { name: "sent to counted in Prometheus", values: [await counted], unit: "s" },
  ];
}

/** Chats evenly over the last day, as fast as Tempo takes them. */
async function load({ otlpHttp, tempo }: Backends): Promise<void> {
  const now = Date.now();
  for (let first = 0; first < traces; first += perExport) {
    const batch = Array.from({ length: perExport }, (_, index) => {
      const trace = chats.chat({ seed: `load ${first + index}`, duration: 1 + ((first + index) % 60) });
      const ago = (day * 1000 * (first + index)) / traces + 120_000;
      return payload(trace.id, trace.spans, nanoseconds(now - ago));
    });
    await persistently(() => send(otlpHttp, merged(batch), { timeoutMs: 30_000 }));
    if ((first + perExport) % openAtOnce === 0) await sleep(closedAfterSeconds * 1000);
  }
  await sleep(closedAfterSeconds * 1000);
  const metrics = await (await fetch(`${tempo}/metrics`)).text();
  const dropped = /^tempo_discarded_spans_total\{.*\} (\S+)$/m.exec(metrics)?.[1];
  if (dropped !== undefined)
    throw new UserError(`Tempo dropped ${dropped} spans: the load is not what it claims to be.`);
}

/** Tempo refuses what exceeds its rate or its number of live traces, and takes it a moment later. */
async function persistently(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 60) throw error;
      await sleep(1000);
    }
  }
}

async function measureQueries(backends: Backends): Promise<Figure[]> {
  const to = Date.now() / 1000;
  const question = { from: to - day, to, variables: { ...unchosen, environment, traceId: "" } };
  const figures: Figure[] = [];
  for (const { title, queries } of Object.values(signals)) {
    const asked = queries.filter(
      ({ language }) => language !== "sql" && language !== "service-map" && language !== "trace",
    );
    if (asked.length === 0 || title === signals.requestRateOfSpan.title) continue;
    const values: number[] = [];
    for (let run = 0; run < queryRuns; run++) {
      values.push(await seconds(() => Promise.all(asked.map((query) => ask(query, backends, question)))));
    }
    figures.push({ name: `24 h: ${title}`, values: [quantile(values, 0.95)], unit: "s (p95)" });
  }
  return figures;
}

const nanoseconds = (milliseconds: number): bigint => BigInt(Math.round(milliseconds)) * 1_000_000n;

function residentMegabytes(folder: SandboxFolder): number {
  const tempo = readRecords(folder.run).find(({ name }) => name === "tempo");
  const status = readFileSync(`/proc/${tempo?.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

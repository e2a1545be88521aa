import { setTimeout as sleep } from "node:timers/promises";
import { request, urlBelow } from "../../../clients/http.ts";
import { chats } from "../../../traffic/chats.ts";
import {
  recordedMetrics,
  sentBy,
  takenAt,
  type MetricsExport,
  type RecordedExport,
} from "../../../traffic/recorded-metrics.ts";
import { sendLine } from "../logs/lines.ts";
import { model, sender, steadySender, type Sender } from "../restart/senders.ts";
import type { Replica } from "./rig.ts";

/** A line of a log that was answered by 200, and when, in milliseconds since 1970. */
export interface Line {
  readonly traceId: string;
  readonly at: number;
}

/** An export of metrics that was answered by 200: the how manieth of its process. */
export interface Measured {
  readonly number: number;
  readonly at: number;
}

/** Sends chats of its own to a replica, each once. */
export const steady = ({ otlpHttp }: Replica, name: string, pauseSeconds: number): Sender =>
  steadySender({ otlpHttp }, pauseSeconds, {
    make: (seed) => chats.apiChat({ seed: `${name} ${seed}`, model }),
  });

/** Sends lines of a log to a replica, each once. */
export const steadyLines = ({ otlpHttp }: Replica, pauseSeconds: number): Sender<Line> =>
  sender(async (run, stopped) => {
    for (let number = 1; !stopped(); number++) {
      const traceId = await sendLine(otlpHttp, `line ${number}`).catch(fail(run));
      if (traceId !== undefined) run.acknowledged.push({ traceId, at: Date.now() });
      await sleep(pauseSeconds * 1000);
    }
  });

/**
 * Sends what a process of LiteLLM was recorded to measure, as of now, each time with one more of each call.
 *
 * @param host - The process's, by which its series are told from others'.
 * @param replicas - It sends to each in turn, as one does whose connection ends, and to another where one does not answer.
 */
export const measuring = (
  host: string,
  replicas: readonly Pick<Replica, "otlpHttp">[],
  pauseSeconds: number,
): Sender<Measured> =>
  sender(async (run, stopped) => {
    for (let number = 1; !stopped(); number++) {
      const body = takenAt(grown(sentBy(recorded, { "host.name": host }), number), Date.now());
      const tries = replicas.map((_, index) => replicas[(number + index) % replicas.length]!);
      const failures: string[] = [];
      for (const { otlpHttp } of tries) {
        const failure = await exportMetrics(otlpHttp, body).then(() => undefined, String);
        if (failure === undefined) break;
        failures.push(failure);
      }
      if (failures.length === tries.length) run.failures.push(...failures);
      else run.acknowledged.push({ number, at: Date.now() });
      await sleep(pauseSeconds * 1000);
    }
  });

const fail =
  ({ failures }: Pick<Sender<unknown>, "failures">) =>
  (error: unknown): undefined => {
    failures.push(String(error));
  };

const [{ request: recorded }] = recordedMetrics("litellm") as [RecordedExport];

/** The same totals after so many times the same calls. */
const grown = (body: MetricsExport, times: number): MetricsExport =>
  JSON.parse(JSON.stringify(body), (key, value: unknown) => {
    if (key === "bucketCounts") return (value as number[]).map((count) => Number(count) * times);
    if (key === "count" || key === "zeroCount") return String(Number(value) * times);
    return key === "sum" ? Number(value) * times : value;
  }) as MetricsExport;

async function exportMetrics(otlpHttp: string, body: MetricsExport): Promise<void> {
  const { status, text } = await request("the collector", urlBelow(otlpHttp, "/v1/metrics"), {
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (status !== 200) throw new Error(`The collector answered ${status}: ${text}`);
}

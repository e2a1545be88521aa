import {
  peakFactor,
  spansPerSecond,
  tracesPerSecond,
  waitingEdgesPerRequest,
  type Traffic,
} from "../../telemetry/traffic.ts";
import type { IngestLimits } from "./schema.ts";

/** Tempo's own limits (`modules/overrides/config.go`, `modules/generator/processor/servicegraphs/config.go`); no traffic needs less. */
const tempos = { traces: 10_000, bytesPerTrace: 5_000_000, edges: 10_000 } as const;

/** Spans that an exporter of the OpenTelemetry SDK holds back and sends at once; there are two applications. */
const queuedSpans = 2 * 2048;

/** Seconds between two exports of the SDK. */
const exportSeconds = 5;

/** Seconds a trace is in memory after its last span: until it is idle, and until it is looked for. */
const idleSeconds = 20;

/** What Tempo takes in, of a distributed one each distributor (`rate_strategy: local`): the fullest second of the traffic and no less than full queues, so that a sender that runs wild does not fill the volume. */
export function ingestLimits(traffic: Traffic): IngestLimits {
  const { bytesPerSpan, spansPerRequest } = traffic;
  const peak = peakFactor * spansPerSecond(traffic) * bytesPerSpan;
  const rate = Math.max(peak, (queuedSpans * bytesPerSpan) / exportSeconds);
  return {
    ingestion: {
      rate_limit_bytes: Math.ceil(rate),
      burst_size_bytes: Math.ceil(rate * exportSeconds),
      max_traces_per_user: most(tempos.traces, peakFactor * tracesPerSecond(traffic) * idleSeconds),
    },
    global: { max_bytes_per_trace: most(tempos.bytesPerTrace, peakFactor * spansPerRequest * bytesPerSpan) },
  };
}

/** Calls between services that wait for their second half at one time; more are dropped. */
export const mostWaitingEdges = ({ requestsPerMinute }: Traffic, longestAnswerSeconds: number): number =>
  most(tempos.edges, (peakFactor * requestsPerMinute * waitingEdgesPerRequest * longestAnswerSeconds) / 60);

const most = (least: number, wanted: number): number => Math.max(least, Math.ceil(wanted));

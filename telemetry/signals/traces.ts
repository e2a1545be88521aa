import { attributes, traceql } from "../attributes.ts";
import { logsOfFoundTrace } from "./logs.ts";
import { selectors, userFilter } from "./selectors.ts";
import type { Signal, SignalOptions, TraceqlQuery } from "./signal.ts";

/** Seconds until Tempo's search sees a trace's last span, at the latest. */
export const searchDelaySeconds = 30;

const notYet = `The newest ${searchDelaySeconds} s are not yet searchable.`;

/** The newest traces a table shows. */
const tableLimit = 50;

const columns = ({ users }: SignalOptions): string[] =>
  [
    attributes.requestModel,
    ...(users ? [attributes.userId] : []),
    attributes.httpStatusCode,
    attributes.errorType,
    attributes.errorProvider,
  ].map(traceql);

/** Newest spans that meet a condition. Without most_recent Tempo answers with any matches, not the newest. */
const newest = (condition: string, options: SignalOptions): TraceqlQuery => ({
  language: "traceql",
  text: `{ ${condition} } | select(${columns(options).join(", ")}) with (most_recent=true)`,
  limit: tableLimit,
  spansPerTrace: 20,
});

/** Single requests: the slow, the newest; a trace by its id, its logs. */
export function traceSignals(options: SignalOptions) {
  const { slowRequestSeconds, logStream } = options;
  const answerRequests = selectors(options).answerRequestFilter + userFilter(options);
  return {
    slowRequests: {
      title: `Slow Requests (> ${slowRequestSeconds}s)`,
      description:
        `The requests for an answer that took LiteLLM longer than ${slowRequestSeconds} s, of the newest ${tableLimit} ` +
        `traces that have one. Click a request to see its trace. ${notYet}`,
      queries: [newest(`${answerRequests} && span:duration > ${slowRequestSeconds}s`, options)],
    },
    recentTraces: {
      title: "Recent Traces",
      description:
        `The requests for an answer of the newest ${tableLimit} traces through LiteLLM, one a row: a chat with a title and ` +
        `tags has several. Click a request to see its trace. ${notYet}`,
      queries: [newest(answerRequests, options)],
    },
    trace: {
      title: "Trace",
      description:
        "Every span of the trace whose id is in the variable Trace id; a click on a request in LLM Request Tracing sets it.",
      queries: [{ language: "trace", text: "$traceId" }],
    },
    traceLogs: {
      title: "Logs of the trace",
      description:
        "What all services logged for that trace within the dashboard's time range. Only logs that carry the trace id are found.",
      queries: [{ language: "sql", text: logsOfFoundTrace(logStream, "$traceId") }],
    },
  } as const satisfies Record<string, Signal>;
}

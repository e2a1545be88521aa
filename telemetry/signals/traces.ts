import { attributes, traceql } from "../attributes.ts";
import { logsOfFoundTrace } from "./logs.ts";
import { selectors } from "./selectors.ts";
import type { Signal, SignalOptions, TraceqlQuery } from "./signal.ts";

/** The newest traces a table shows. */
const tableLimit = 50;

const columns = [
  attributes.requestModel,
  attributes.inputTokens,
  attributes.outputTokens,
  attributes.costTotal,
  attributes.httpStatusCode,
  attributes.errorType,
].map(traceql);

/** Newest traces that meet a condition. Without most_recent Tempo answers with any matches, not the newest. */
const newest = (condition: string): TraceqlQuery => ({
  language: "traceql",
  rows: "traces",
  text: `{ ${condition} } | select(${columns.join(", ")}) with (most_recent=true)`,
  limit: tableLimit,
});

/** Single traces: the slow, the newest, one by its id, its logs. */
export function traceSignals(options: SignalOptions) {
  const { slowRequestSeconds, logStream } = options;
  const { litellmSpans, callsModel } = selectors(options);
  return {
    slowRequests: {
      title: `Slow Requests (> ${slowRequestSeconds}s)`,
      description:
        `The newest ${tableLimit} traces through LiteLLM that took longer than ${slowRequestSeconds} s from first span to ` +
        "last. Open WebUI's own span ends at once (the answer comes in the background), so the whole trace counts. The " +
        "newest 30 s are not yet searchable.",
      queries: [newest(`${litellmSpans} && span:kind = server && trace:duration > ${slowRequestSeconds}s`)],
      needs: ["litellm"],
    },
    recentTraces: {
      title: "Recent Traces",
      description:
        `The newest ${tableLimit} traces through LiteLLM; open a row for model, tokens, cost, status and error class. The ` +
        "newest 30 s are not yet searchable.",
      queries: [newest(`${litellmSpans} && (span:kind = server || (${callsModel}))`)],
      needs: ["litellm"],
    },
    trace: {
      title: "Trace",
      description:
        "Every span of the trace chosen in a table above, or whose id is typed into the variable Trace id.",
      queries: [{ language: "trace", text: "$traceId" }],
      needs: [],
    },
    traceLogs: {
      title: "Logs of the trace",
      description:
        "What all services logged for that trace within the dashboard's time range. Only logs that carry the trace id are found.",
      queries: [{ language: "sql", text: logsOfFoundTrace(logStream, "$traceId") }],
      needs: [],
    },
  } as const satisfies Record<string, Signal>;
}

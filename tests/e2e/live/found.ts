import { attributes as known } from "../../../telemetry/attributes.ts";
import { answerRequests, embeddingRequests, modelCalls, requests } from "../../../traffic/expected.ts";
import type { RecordedSpan } from "../../../traffic/recorded.ts";
import { asSent } from "../../../traffic/retell.ts";
import { httpStatus, isFailed, isRefused, type Trace, type TracedSpan } from "../../../traffic/span.ts";
import type { Call, Request } from "./effects.ts";

/** What spans tell of requests and calls, in one line each. */
export interface Found {
  readonly requests: readonly string[];
  readonly calls: readonly string[];
}

/** What a case left at LiteLLM. */
export function foundEffect(spans: readonly RecordedSpan[]): Found {
  const traces = tracesOf(spans);
  const [answers, embeddings] = [answerRequests(traces), embeddingRequests(traces)];
  const kindOf = (span: TracedSpan): Request["of"] =>
    answers.includes(span) ? "answer" : embeddings.includes(span) ? "embeddings" : "other";
  return {
    requests: requests(traces)
      .filter(({ service }) => service.name === "litellm")
      .map((span) => inOneLine({ of: kindOf(span), code: httpStatus(span), outcome: outcomeOf(span) }))
      .sort(),
    calls: modelCalls(traces).map(callOf).map(inOneLine).sort(),
  };
}

const outcomeOf = (span: TracedSpan): Request["outcome"] =>
  isRefused(span) ? "refused" : isFailed(span) ? "failed" : "served";

const callOf = ({ status, attributes }: TracedSpan): Call => ({
  model: String(attributes[known.providerModel.name]),
  error: status === "error" ? String(attributes[known.errorType.name]) : "",
  outputTokens: Number(attributes[known.outputTokens.name]),
  streamed: attributes[known.timeToFirstChunk.name] !== undefined,
  costs: Number(attributes[known.costTotal.name]) > 0,
});

/** A request or a call in one line. */
export const inOneLine = (what: Request | Call): string =>
  "of" in what
    ? `${what.of} ${what.code} ${what.outcome}`
    : [
        what.model,
        what.error || "ok",
        `${what.outputTokens} tokens`,
        ...(what.streamed ? ["streamed"] : []),
        ...(what.costs ? ["costs"] : []),
      ].join(", ");

/** The traces of recorded spans. */
export const tracesOf = (spans: readonly RecordedSpan[]): Trace[] =>
  [...Map.groupBy(spans, ({ traceId }) => traceId).values()].map((trace) => asSent(trace).trace);

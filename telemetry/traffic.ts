/** How much the applications send, as an operator knows it. */
export interface Traffic {
  /** Requests a minute that people and programs make, on average over day and night. */
  readonly requestsPerMinute: number;
  /** Spans that a request makes in all applications together. */
  readonly spansPerRequest: number;
  /** Size of a span as it is received, in bytes. */
  readonly bytesPerSpan: number;
}

/**
 * A chat in the browser that the model then names and tags: the most spans of all requests that were recorded of Open
 * WebUI 0.12.4 and LiteLLM 1.106.2, and its bytes a span as Tempo counted them on receipt.
 */
export const recordedChat = { spans: 82, bytesPerSpan: 470 } as const;

/** A request of LiteLLM's own API, as recorded of the same versions. */
export const recordedApiCall = { spans: 4 } as const;

/** Calls between services of that chat whose second half is waited for: all but those of a database. */
export const waitingEdgesPerRequest = 7;

/**
 * Spans a second that Open WebUI 0.12.4 sends while nobody asks: its poll of its database, each a trace of its own. With the
 * variables that the stack's output `applicationEnv` has for it there are fewer.
 */
const idleSpansPerSecond = 1.5;

/**
 * How many times the average a fullest second has: working hours, chats that end together, and exporters that empty their
 * queues when Tempo is back. Exporters do not send again what exceeds a limit, so a limit is for a sender that runs wild.
 */
export const peakFactor = 100;

/** Spans a second, on average. */
export const spansPerSecond = ({ requestsPerMinute, spansPerRequest }: Traffic): number =>
  (requestsPerMinute * spansPerRequest) / 60 + idleSpansPerSecond;

/** Bytes of spans a second as they are received, on average. */
export const bytesPerSecond = (traffic: Traffic): number => spansPerSecond(traffic) * traffic.bytesPerSpan;

/** Traces a second, on average. */
export const tracesPerSecond = ({ requestsPerMinute }: Traffic): number =>
  requestsPerMinute / 60 + idleSpansPerSecond;

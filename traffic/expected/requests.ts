import { attributes as known } from "../../telemetry/attributes.ts";
import { durationOf, isFailed, isModelCall, isRefused } from "../span.ts";
import type { Trace, TracedSpan } from "../span.ts";

/** Spans that the span metrics count under one service, kind and status. */
export interface Calls {
  readonly service: string;
  readonly kind: TracedSpan["kind"];
  readonly status: TracedSpan["status"];
  readonly count: number;
}

/** `service.name` of each application. */
export interface Services {
  readonly openWebui: string;
  readonly litellm: string;
}

const usual: Services = { openWebui: "open-webui", litellm: "litellm" };

/** Spans by service, kind and status, as far as they are counted. */
export function calls(traces: readonly Trace[], services = usual): Calls[] {
  const groups = Object.groupBy(
    countedSpans(traces, services),
    ({ service, kind, status }) => `${service.name} ${kind} ${status}`,
  );
  return Object.values(groups).map((group) => ({
    service: group![0]!.service.name,
    kind: group![0]!.kind,
    status: group![0]!.status,
    count: group!.length,
  }));
}

/**
 * Spans that count: those of a request or a call. Calls of Open WebUI do not, nor what LiteLLM hands on to a provider
 * as it is, nor the second span of a request that LiteLLM's tracing v1 writes.
 */
export const countedSpans = (traces: readonly Trace[], services = usual): TracedSpan[] =>
  allSpans(traces).filter(
    ({ kind, name, service, attributes }) =>
      (kind === "server" || (kind === "client" && service.name !== services.openWebui)) &&
      !(service.name === services.litellm && isHandedOn(attributes)) &&
      name !== "Received Proxy Server Request",
  );

/** Of its pass-through routes those of OpenAI are in the traffic. */
const isHandedOn = (attributes: TracedSpan["attributes"]): boolean =>
  attributes[known.callType.name] === "pass_through_endpoint" ||
  [known.httpRoute, known.callRoute].some(({ name }) => /^\/openai(\/|$)/.test(String(attributes[name])));

/** Requests that each service answered, whatever their result. */
export const requestCounts = (traces: readonly Trace[], services = usual): Record<string, number> =>
  countByService(requests(traces, services));

/** Share of each service's requests that the platform failed, of those that were not refused, in percent. */
export function failedPercent(traces: readonly Trace[]): Record<string, number> {
  const served = requests(traces).filter((span) => !isRefused(span));
  const failed = countByService(served.filter(isFailed));
  return Object.fromEntries(
    Object.entries(countByService(served)).map(([service, count]) => [
      service,
      (100 * (failed[service] ?? 0)) / count,
    ]),
  );
}

/** Requests that were refused for the caller's sake, by code and service. */
export const refusals = (traces: readonly Trace[]): Record<string, number> =>
  countBy(
    requests(traces).filter(isRefused),
    ({ service, attributes }) => `${String(attributes[known.httpStatusCode.name])} → ${service.name}`,
  );

/** Requests that are counted. */
export const requests = (traces: readonly Trace[], services = usual): TracedSpan[] =>
  countedSpans(traces, services).filter(({ kind }) => kind === "server");

/** Those of LiteLLM's that want an answer of a model. One that has no route yet is the first of it after a start. */
export const answerRequests = (traces: readonly Trace[], services = usual): TracedSpan[] =>
  requests(traces, services).filter(
    ({ service, attributes }) =>
      service.name === services.litellm &&
      /^$|\/(completions|responses|messages)$/.test(String(attributes[known.httpRoute.name] ?? "")),
  );

/** Those of LiteLLM's that want vectors of a model. */
export const embeddingRequests = (traces: readonly Trace[]): TracedSpan[] =>
  requests(traces).filter(({ attributes }) =>
    String(attributes[known.httpRoute.name]).endsWith("/embeddings"),
  );

/** Calls to models that are counted. */
export const modelCalls = (traces: readonly Trace[]): TracedSpan[] =>
  countedSpans(traces).filter((span) => span.kind === "client" && isModelCall(span));

/** Durations in seconds, in no order. */
export const durations = (spans: readonly TracedSpan[]): number[] => spans.map(durationOf);

/** Every span of every trace. */
export const allSpans = (traces: readonly Trace[]): TracedSpan[] => traces.flatMap(({ spans }) => spans);

const countByService = (spans: readonly TracedSpan[]): Record<string, number> =>
  countBy(spans, ({ service }) => service.name);

const countBy = (spans: readonly TracedSpan[], key: (span: TracedSpan) => string): Record<string, number> =>
  Object.fromEntries(Object.entries(Object.groupBy(spans, key)).map(([of, group]) => [of, group!.length]));

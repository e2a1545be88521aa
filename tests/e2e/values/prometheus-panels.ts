import type { Signals } from "../../../telemetry/signals.ts";
import {
  byModel,
  databaseSeconds,
  durations,
  edges,
  failuresByClass,
  histogramQuantile,
  requestCounts,
  serverErrorPercent,
} from "../../fixtures/expected.ts";
import type { Edge } from "../../fixtures/expected.ts";
import { durationOf, isModelCall } from "../../fixtures/span.ts";
import type { Trace, TracedSpan } from "../../fixtures/span.ts";
import { bounds, generator } from "./product.ts";

/** What was counted, in which time. */
export interface Counted {
  readonly traces: readonly Trace[];
  readonly seconds: number;
}

/** Values of the lines of a graph, by what tells the lines apart; the only line of a graph is called "". */
export type Lines = Readonly<Record<string, number>>;

/** What each query of a panel must show, by plain arithmetic on the spans. */
export const prometheusPanels = {
  requestRate: [({ traces, seconds }) => map(requestCounts(traces), (count) => count / seconds)],
  latencyPercentiles: [0.5, 0.95, 0.99].map((quantile) => ({ traces }: Counted) => ({
    "": histogramQuantile(quantile, litellmRequests(traces).filter(isServed).map(durationOf), bounds),
  })),
  errorRate: [({ traces }) => serverErrorPercent(traces)],
  edgeRate: [({ traces, seconds }) => map(byPair(traces), (pair) => pair.count / seconds)],
  edgeErrors: [({ traces }) => map(byPair(traces), ({ failed, count }) => (100 * failed) / count)],
  edgeDuration: [({ traces }) => map(byPair(traces), ({ clientSeconds, count }) => clientSeconds / count)],
  timeSplit: [
    ({ traces }) => ({ "": time(traces).total }),
    ({ traces }) => ({ "": time(traces).model }),
    ({ traces }) => ({ "": time(traces).total - time(traces).model }),
  ],
  databaseShare: [
    ({ traces }) => ({
      litellm: (100 * databaseSeconds(traces)["litellm"]!) / sum(litellmRequests(traces).map(durationOf)),
    }),
  ],
  modelRate: [({ traces, seconds }) => map(byModel(traces), ({ calls }) => calls / seconds)],
  modelLatency: [
    ({ traces }) =>
      map(byModel(traces), (_usage, model) =>
        histogramQuantile(
          0.95,
          durations(traces.filter(asks(model)), { service: "litellm", of: "model calls" }),
          bounds,
        ),
      ),
  ],
  modelErrors: [({ traces }) => map(byModel(traces), ({ errors, calls }) => (100 * errors) / calls)],
  errorClasses: [({ traces, seconds }) => map(failuresByClass(traces), (count) => count / seconds)],
} satisfies Partial<Record<keyof Signals, ((counted: Counted) => Lines)[]>>;

/** Average seconds of a request that needs a model, and of its model calls. LiteLLM v1 tells no route. */
function time(traces: readonly Trace[]): { total: number; model: number } {
  const requests = litellmRequests(traces).filter(({ attributes }) => attributes["http.route"] !== undefined);
  const calls = durations(traces, { service: "litellm", of: "model calls" });
  return {
    total: sum(requests.map(durationOf)) / requests.length,
    model: sum(calls) / requests.length,
  };
}

const litellmRequests = (traces: readonly Trace[]): TracedSpan[] =>
  traces
    .flatMap(({ spans }) => spans)
    .filter(({ service, kind }) => service.name === "litellm" && kind === "server");

/** Not refused with a 4xx. LiteLLM v1 tells no status. */
const isServed = ({ attributes }: TracedSpan): boolean =>
  !String(attributes["http.status_code"] ?? "").startsWith("4");

const asks =
  (model: string) =>
  ({ spans }: Trace): boolean =>
    spans.some((span) => isModelCall(span) && span.attributes["gen_ai.request.model"] === model);

const byPair = (traces: readonly Trace[]): Record<string, Edge> =>
  Object.fromEntries(
    edges(traces, generator.peerAttributes).map((edge) => [`${edge.client} → ${edge.server}`, edge]),
  );

const map = <T>(record: Record<string, T>, value: (from: T, key: string) => number): Lines =>
  Object.fromEntries(Object.entries(record).map(([key, from]) => [key, value(from, key)]));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

import { attributes as known } from "../../../telemetry/attributes.ts";
import type { Signals } from "../../../telemetry/signals.ts";
import {
  answerRequests,
  bucketCounts,
  byModel,
  databaseSeconds,
  durations,
  edges,
  embeddingRequests,
  failedPercent,
  failuresByClass,
  histogramQuantile,
  modelCalls,
  refusals,
  requestCounts,
  requests,
} from "../../../traffic/expected.ts";
import type { Edge } from "../../../traffic/expected.ts";
import { httpStatus, isFailed, isRefused } from "../../../traffic/span.ts";
import type { Trace, TracedSpan } from "../../../traffic/span.ts";
import { bounds, generator } from "./product.ts";

/** What was counted, in which time. */
export interface Counted {
  readonly traces: readonly Trace[];
  readonly seconds: number;
}

/** Values of the lines of a graph, by what tells the lines apart; the only line of a graph is called "". */
export type Lines = Readonly<Record<string, number>>;

/**
 * What each query of a panel must show, by plain arithmetic on the spans.
 *
 * @param quantileOf - What Prometheus can know of a quantile of durations.
 */
export const panelsWith = (quantileOf: (quantile: number, values: readonly number[]) => number) =>
  ({
    requestsNow: [({ traces, seconds }) => ({ "": answerRequests(traces).length / seconds })],
    failedNow: [({ traces }) => ({ "": failedShare(answerRequests(traces).filter(isServed)) })],
    slowestNow: [
      ({ traces }) => ({
        "": quantileOf(0.95, durations(answerRequests(traces).filter(isServed))),
      }),
    ],
    inFlight: [
      ({ traces, seconds }) => ({ "": sum(durations(answerRequests(traces).filter(isServed))) / seconds }),
    ],
    requestRate: [({ traces, seconds }) => map(requestCounts(traces), (count) => count / seconds)],
    latencyPercentiles: [0.5, 0.95, 0.99].map((quantile) => ({ traces }: Counted) => ({
      "": quantileOf(quantile, durations(answerRequests(traces).filter(isServed))),
    })),
    latencyHeatmap: [
      ({ traces, seconds }) => {
        const counts = bucketCounts(durations(answerRequests(traces).filter(isServed)), bounds);
        const names = [...bounds.map(String), "+Inf"];
        return Object.fromEntries(names.map((name, index) => [name, counts[index]! / seconds]));
      },
    ],
    errorRate: [({ traces }) => failedPercent(traces)],
    errorsOverTime: [({ traces }) => failedPercent(traces)],
    refusedRequests: [({ traces, seconds }) => map(refusals(traces), (count) => count / seconds)],
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
        litellm:
          (100 * (databaseSeconds(traces)["litellm"] ?? 0)) /
          sum(durations(requests(traces).filter(ofLitellm))),
      }),
    ],
    modelRate: [({ traces, seconds }) => map(byModel(traces), ({ calls }) => calls / seconds)],
    modelLatency: [
      ({ traces }) =>
        map(byModel(traces), (_usage, model) =>
          quantileOf(0.95, durations(modelCalls(traces).filter(asks(model)))),
        ),
    ],
    modelErrors: [({ traces }) => map(byModel(traces), ({ errors, calls }) => (100 * errors) / calls)],
    modelComparison: [
      ({ traces }) => map(byModel(traces), ({ calls }) => calls),
      ({ traces }) => map(byModel(traces), ({ errors, calls }) => (100 * errors) / calls),
      ...[0.5, 0.95].map(
        (quantile) =>
          ({ traces }: Counted) =>
            map(byModel(traces), (_usage, model) =>
              quantileOf(quantile, durations(modelCalls(traces).filter(asks(model)))),
            ),
      ),
    ],
    errorClasses: [({ traces, seconds }) => map(failuresByClass(traces), (count) => count / seconds)],
    embeddingErrors: [({ traces }) => ({ "": failedShare(embeddingRequests(traces).filter(isServed)) })],
  }) satisfies Panels;

/** The same, of histograms with the bounds that Tempo is told. */
export const prometheusPanels = panelsWith((quantile, values) => histogramQuantile(quantile, values, bounds));

type Panels = Partial<Record<keyof Signals, ((counted: Counted) => Lines)[]>>;

/** Average seconds of an answer that went well, and of the calls of a model that did. */
function time(traces: readonly Trace[]): { total: number; model: number } {
  const answers = answerRequests(traces).filter((span) => httpStatus(span) === 200 && !isFailed(span));
  const calls = modelCalls(traces).filter(({ status }) => status !== "error");
  return {
    total: sum(durations(answers)) / answers.length,
    model: sum(durations(calls)) / answers.length,
  };
}

/** In percent. */
const failedShare = (served: readonly TracedSpan[]): number =>
  (100 * served.filter(isFailed).length) / served.length;

const ofLitellm = ({ service }: TracedSpan): boolean => service.name === "litellm";

const isServed = (span: TracedSpan): boolean => !isRefused(span);

const asks =
  (model: string) =>
  ({ attributes }: TracedSpan): boolean =>
    attributes[known.providerModel.name] === model;

const byPair = (traces: readonly Trace[]): Record<string, Edge> =>
  Object.fromEntries(
    edges(traces, generator.peerAttributes).map((edge) => [`${edge.client} → ${edge.server}`, edge]),
  );

const map = <T>(record: Record<string, T>, value: (from: T, key: string) => number): Lines =>
  Object.fromEntries(Object.entries(record).map(([key, from]) => [key, value(from, key)]));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

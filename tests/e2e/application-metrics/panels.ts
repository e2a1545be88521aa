import { applicationMetrics, formOf } from "../../../telemetry/application-metrics.ts";
import type { HistogramForm } from "../../../telemetry/generator.ts";
import type { InTime, Signals } from "../../../telemetry/signals.ts";
import type { applicationSignals } from "../../../telemetry/signals/application.ts";
import { histogramQuantile } from "../../../traffic/expected.ts";
import type { Lines } from "../values/prometheus-panels.ts";
import type { Observed } from "./observed.ts";

/** What a panel must show of what was measured in so many seconds, for each of its queries. */
type Expected = (observed: readonly Observed[], seconds: number) => Lines;

type Measured = "firstTokenSeconds" | "outputTokenSeconds" | "callSeconds";

const { callSeconds, tokens } = applicationMetrics;

/** By plain arithmetic on the buckets that LiteLLM sent; a native histogram's own buckets are those. */
export function expectedPanels(
  form: HistogramForm,
): Record<keyof ReturnType<typeof applicationSignals>, readonly Expected[]> {
  const quantileOf = (quantile: number, metric: Measured, values: readonly number[]): number =>
    formOf(applicationMetrics[metric], form) === "classic"
      ? histogramQuantile(quantile, values, applicationMetrics[metric].bounds)
      : [...values].sort((a, b) => a - b)[Math.ceil(quantile * values.length) - 1]!;
  const quantile =
    (quantile: number, metric: Measured, operation?: string): Expected =>
    (observed) => {
      const { source } = applicationMetrics[metric];
      const of = observed.filter(
        (each) => each.metric === source && (!operation || each.operation === operation),
      );
      const byModel = Object.groupBy(of, ({ model }) => model);
      return present(
        Object.entries(byModel).map(([model, all]) => [
          model,
          quantileOf(
            quantile,
            metric,
            all!.flatMap(({ values }) => values),
          ),
        ]),
      );
    };
  const all =
    (expected: Expected): Expected =>
    (observed, seconds) =>
      expected(
        observed.map((each) => ({ ...each, model: "" })),
        seconds,
      );
  const count =
    (of: (each: Observed) => boolean, line: (each: Observed) => string): Expected =>
    (observed, seconds) =>
      Object.fromEntries(
        observed
          .filter((each) => each.metric === callSeconds.source && of(each))
          .map((each) => [line(each), each.values.length / seconds]),
      );
  return {
    firstTokenMedian: [quantile(0.5, "firstTokenSeconds")],
    firstTokenP95: [quantile(0.95, "firstTokenSeconds")],
    firstTokenP99: [quantile(0.99, "firstTokenSeconds")],
    firstTokenP95Now: [all(quantile(0.95, "firstTokenSeconds"))],
    firstTokenP95ByModel: [quantile(0.95, "firstTokenSeconds")],
    outputTokenMedian: [quantile(0.5, "outputTokenSeconds")],
    outputTokenP95: [quantile(0.95, "outputTokenSeconds")],
    embeddingCalls: [
      count(
        ({ operation }) => operation === "embeddings",
        ({ model }) => model,
      ),
    ],
    embeddingP95: [quantile(0.95, "callSeconds", "embeddings")],
    embeddingTokens: [
      (observed, seconds) =>
        Object.fromEntries(
          observed
            .filter(
              ({ metric, operation, tokenType }) =>
                metric === tokens.source && operation === "embeddings" && tokenType === "input",
            )
            .map(({ model, sum }) => [model, (60 * sum) / seconds]),
        ),
    ],
    failedCalls: [
      count(
        ({ error }) => error !== "",
        ({ model, error }) => `${model} ${error}`,
      ),
    ],
    activePeople: [() => ({ "": 1 }), () => ({ "": 1 })],
  };
}

/** The lines that the row of the objectives must show of the first token, by the same arithmetic. */
export const firstTokenPanels = ({ target, underSeconds }: InTime) => {
  const late = (observed: readonly Observed[]): number => {
    const { source } = applicationMetrics.firstTokenSeconds;
    const all = observed.filter(({ metric }) => metric === source).flatMap(({ values }) => values);
    return all.filter((value) => value > underSeconds).length / all.length;
  };
  const burnt = (observed: readonly Observed[]): number => late(observed) / (1 - target / 100);
  return {
    beganInTime: (observed) => ({ "began in time": 100 * (1 - late(observed)) }),
    firstTokenBudget: (observed) => ({ left: 100 * (1 - burnt(observed)) }),
    burnRate: (observed) => ({ "late first tokens": burnt(observed) }),
  } satisfies Partial<Record<keyof Signals, (observed: readonly Observed[]) => Lines>>;
};

/** Without models that were not called. */
const present = (lines: readonly (readonly [string, number | undefined])[]): Lines =>
  Object.fromEntries(
    lines.filter((line): line is [string, number] => line[1] !== undefined && !Number.isNaN(line[1])),
  );

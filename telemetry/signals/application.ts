import { applicationMetrics, formOf, type ApplicationMetric } from "../application-metrics.ts";
import { attributes } from "../attributes.ts";
import { label, labels } from "../metrics.ts";
import { histogram } from "./histogram.ts";
import { all, increase, is, isNot, matches, rate, valuesOf } from "./promql.ts";
import { selectors } from "./selectors.ts";
import { prom, whenBusy, type Signal, type SignalOptions } from "./signal.ts";

/** What LiteLLM calls an operation that makes vectors. */
const embeddings = "embeddings";

/**
 * What the applications measure themselves: there where the collector takes it. The first call of a series after its
 * process began is in no rate: its series begins with it.
 */
export function applicationSignals({ services, histograms }: SignalOptions) {
  const { measuredBy } = selectors({ services });
  const litellm = measuredBy("litellm");
  const ofModels = all(litellm, matches(labels.providerModel, "$model"));
  const seconds = (metric: ApplicationMetric, of: string, over: typeof rate | typeof increase = rate) =>
    histogram(formOf(metric, histograms), metric.name, (series, ...matchers) =>
      over(series, all(of, ...matchers)),
    );
  const { firstTokenSeconds, outputTokenSeconds, callSeconds, tokens } = applicationMetrics;
  const model = valuesOf(labels.providerModel);
  const byModel = (quantile: number, metric: ApplicationMetric, of: string = ofModels) => [
    prom(seconds(metric, of).quantile(quantile, labels.providerModel), model),
  ];
  const embedding = all(litellm, is(labels.operation, embeddings));
  const tokensOf = (type: string) =>
    histogram(formOf(tokens, histograms), tokens.name, (series) => rate(series, all(embedding, type)));
  const people = (metric: ApplicationMetric) =>
    `max by (${labels.environment}) (${metric.name}{${measuredBy("openWebui")}})`;
  return {
    firstTokenMedian: {
      title: "First token, p50",
      description:
        "Time within which half of each model's streamed answers began: loading the model, reading the prompt, waiting in line.",
      unit: "s",
      queries: byModel(0.5, firstTokenSeconds),
    },
    firstTokenP95: {
      title: "First token, p95",
      description:
        "Time within which 95 % of each model's streamed answers began. A model that had to be loaded stands out.",
      unit: "s",
      queries: byModel(0.95, firstTokenSeconds),
    },
    firstTokenP99: {
      title: "First token, p99",
      description: "Time within which 99 % of each model's streamed answers began.",
      unit: "s",
      queries: byModel(0.99, firstTokenSeconds),
    },
    firstTokenP95Now: {
      title: "First token p95",
      description: "Time within which 95 % of the streamed answers of all models began, over the interval.",
      unit: "s",
      queries: [prom(whenBusy(seconds(firstTokenSeconds, litellm).quantile(0.95)), "p95")],
    },
    firstTokenP95ByModel: {
      title: "First token by model, p95",
      description:
        "Time within which 95 % of the streamed answers of each model began, over the dashboard's time range.",
      unit: "s",
      queries: [
        prom(seconds(firstTokenSeconds, ofModels, increase).quantile(0.95, labels.providerModel), model),
      ],
    },
    outputTokenMedian: {
      title: "Time for each token, p50",
      description:
        "From an answer's first token to its end, divided by its tokens: half of each model's answers were no slower.",
      unit: "s",
      queries: byModel(0.5, outputTokenSeconds),
    },
    outputTokenP95: {
      title: "Time for each token, p95",
      description: "The same: 95 % of each model's answers were no slower.",
      unit: "s",
      queries: byModel(0.95, outputTokenSeconds),
    },
    embeddingCalls: {
      title: "Embeddings per second",
      description: "Embeddings per second, by the provider's name of the model, failed ones included.",
      unit: "reqps",
      queries: [prom(seconds(callSeconds, embedding).count(labels.providerModel), model)],
    },
    embeddingP95: {
      title: "Duration of embeddings, p95",
      description: "Time within which 95 % of the embeddings of each model were made.",
      unit: "s",
      queries: byModel(0.95, callSeconds, embedding),
    },
    embeddingTokens: {
      title: "Tokens of embeddings",
      description: "Tokens per minute of the texts of embeddings, by the provider's name of the model.",
      unit: "short",
      queries: [
        prom(
          `60 * ${tokensOf(is(label(attributes.tokenType.name), "input")).total(labels.providerModel)}`,
          model,
        ),
      ],
    },
    failedCalls: {
      title: "Failed calls by model and class",
      description:
        "Calls to models that failed per second, embeddings among them, by the exception LiteLLM saw. The first one of a " +
        "kind after LiteLLM's start is not in it.",
      unit: "reqps",
      queries: [
        prom(
          seconds(callSeconds, all(litellm, isNot(labels.errorType, ""))).count(
            labels.providerModel,
            labels.errorType,
          ),
          valuesOf(labels.providerModel, labels.errorType),
        ),
      ],
    },
    activePeople: {
      title: "People using Open WebUI",
      description: "Who used Open WebUI in the last three minutes, and since midnight by its pod's clock.",
      unit: "short",
      queries: [
        prom(people(applicationMetrics.activeUsers), "now"),
        prom(people(applicationMetrics.activeUsersToday), "today"),
      ],
    },
  } as const satisfies Record<string, Signal>;
}

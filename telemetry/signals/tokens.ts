import { attributes, traceql } from "../attributes.ts";
import { selectors } from "./selectors.ts";
import { traceMetrics, traceTotal, type Signal, type SignalOptions } from "./signal.ts";

/**
 * Width of a point, in seconds: Tempo's own choice is a few seconds, a call each. The shortest `$interval`; Grafana fills
 * no variable into a step (grafana/grafana#103062), and Tempo leaves out a step that is not over.
 */
const minute = 60;

/** An answer whose first token took longer began late, in seconds. */
export const lateSeconds = 2;

/**
 * Tokens, cost and time to first token. They stand only on spans, so Tempo computes them from those;
 * of floats it knows no quantiles.
 */
export function tokenSignals(options: SignalOptions) {
  const { modelCallFilter } = selectors(options);
  const byModel = `by (${traceql(attributes.providerModel)})`;
  const timeToFirstChunk = traceql(attributes.timeToFirstChunk);
  const outputTokens = traceql(attributes.outputTokens);
  // A sum over time begins anew at every span without the attribute. LiteLLM writes 0 tokens and a cost of 0 on failed
  // calls, which would pull an average down.
  const has = (attribute: string) => `{ ${modelCallFilter} && ${attribute} != nil }`;
  const answered = `{ ${modelCallFilter} && span:status != error && ${outputTokens} > 0 }`;
  const cost = traceql(attributes.costTotal);
  const began = has(timeToFirstChunk);
  return {
    timeToFirstToken: {
      title: "Time to first token, average",
      description:
        "Average time until a model's answer began to stream: loading the model, reading the prompt, waiting in line.",
      unit: "s",
      queries: [traceMetrics(`${began} | avg_over_time(${timeToFirstChunk}) ${byModel}`, minute)],
    },
    timeToFirstTokenMax: {
      title: "Time to first token, longest",
      description: "The longest wait for a first token. A model that had to be loaded stands out.",
      unit: "s",
      queries: [traceMetrics(`${began} | max_over_time(${timeToFirstChunk}) ${byModel}`, minute)],
    },
    lateAnswers: {
      title: `Answers that began late (> ${lateSeconds}s)`,
      description:
        `Share of each model's streamed answers whose first token took longer than ${lateSeconds} s, minute by minute. ` +
        "A model that is not drawn had none.",
      unit: "percent",
      queries: [
        {
          language: "share",
          part: traceMetrics(
            `{ ${modelCallFilter} && ${timeToFirstChunk} > ${lateSeconds}.0 } | count_over_time() ${byModel}`,
            minute,
          ),
          whole: traceMetrics(`${began} | count_over_time() ${byModel}`, minute),
        },
      ],
    },
    outputTokens: {
      title: "Output tokens per minute",
      description:
        "Tokens that each model wrote, minute by minute; a call counts in the minute in which it began.",
      unit: "short",
      queries: [traceMetrics(`${has(outputTokens)} | sum_over_time(${outputTokens}) ${byModel}`, minute)],
    },
    tokensPerCall: {
      title: "Output tokens per call",
      description:
        "Average number of tokens in a model's answer; failed calls and empty answers are left out.",
      unit: "short",
      queries: [traceMetrics(`${answered} | avg_over_time(${outputTokens}) ${byModel}`, minute)],
    },
    cost: {
      title: "Cost per minute",
      description:
        "What LiteLLM reckons the calls cost, minute by minute and model by model; 0 for models of your own.",
      unit: "currencyUSD",
      queries: [traceMetrics(`${has(cost)} | sum_over_time(${cost}) ${byModel}`, minute)],
    },
    firstTokenByModel: {
      title: "First token by model",
      description:
        "Average time until a streamed answer of each model began: the mean of the minutes of the time range.",
      unit: "s",
      queries: [traceMetrics(`${began} | avg_over_time(${timeToFirstChunk}) ${byModel}`, minute)],
    },
    tokensPerCallByModel: {
      title: "Tokens per call by model",
      description:
        "Average number of tokens in an answer of each model: the mean of the minutes of the time range. Failed calls and " +
        "empty answers are left out.",
      unit: "short",
      queries: [traceMetrics(`${answered} | avg_over_time(${outputTokens}) ${byModel}`, minute)],
    },
    costByModel: {
      title: "Cost by model",
      description: "What LiteLLM reckons the calls of each model cost, over the dashboard's time range.",
      unit: "currencyUSD",
      queries: [traceTotal(`${has(cost)} | sum_over_time(${cost}) ${byModel}`)],
    },
    modelCalls: {
      title: "Newest model calls",
      description:
        "The newest 50 calls to models, each with its duration, tokens, time to first token, cost and class of error.",
      queries: [
        {
          language: "traceql",
          text: `{ ${modelCallFilter} } | select(${[
            attributes.providerModel,
            attributes.inputTokens,
            attributes.outputTokens,
            attributes.timeToFirstChunk,
            attributes.costTotal,
            attributes.errorType,
          ]
            .map(traceql)
            .join(", ")}) with (most_recent=true)`,
          limit: 50,
          spansPerTrace: 20,
        },
      ],
    },
  } as const satisfies Record<string, Signal>;
}

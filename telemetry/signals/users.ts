import { attributes, traceql, type Attribute } from "../attributes.ts";
import { selectors } from "./selectors.ts";
import { traceMetrics, traceTotal, type Signal, type SignalOptions } from "./signal.ts";

/** The most that a ranking shows. */
const ranks = 10;

/** Who asks: users, and the virtual keys and teams of LiteLLM. None is a label of metrics: there is no end to them. */
export function userSignals(options: SignalOptions) {
  const { modelCallFilter, userFilter } = selectors(options);
  const outputTokens = traceql(attributes.outputTokens);
  const cost = traceql(attributes.costTotal);
  const user = traceql(attributes.userId);
  const ofUser = `${user} != nil && ${userFilter}`;
  const total = (value: string, of: Attribute) =>
    traceTotal(
      `{ ${modelCallFilter} && ${value} != nil && ${traceql(of)} != nil && ${userFilter} } ` +
        `| sum_over_time(${value}) by (${traceql(of)}) | topk(${ranks})`,
    );
  const costBy = (who: string, of: Attribute) => ({
    title: `Cost by ${who}`,
    description: `What LiteLLM reckons the calls cost, over the dashboard's time range: the ${ranks} that cost most.`,
    unit: "currencyUSD",
    queries: [total(cost, of)] as const,
  });
  const tokensBy = (who: string, of: Attribute) => ({
    title: `Tokens by ${who}`,
    description: `Tokens that models wrote, over the dashboard's time range: the ${ranks} with the most.`,
    unit: "short",
    queries: [total(outputTokens, of)] as const,
  });
  return {
    costByUser: costBy("user", attributes.userId),
    costByTeam: costBy("team", attributes.teamAlias),
    costByKey: costBy("key", attributes.keyAlias),
    tokensByUser: tokensBy("user", attributes.userId),
    tokensByTeam: tokensBy("team", attributes.teamAlias),
    tokensByKey: tokensBy("key", attributes.keyAlias),
    userCalls: {
      title: "Calls by user",
      description:
        "Calls to models in each minute, by LiteLLM's user. Needs LiteLLM to know who asks, by key or by Open WebUI's " +
        "headers; calls of nobody known are not drawn.",
      unit: "short",
      queries: [traceMetrics(`{ ${modelCallFilter} && ${ofUser} } | count_over_time() by (${user})`, 60)],
    },
    userTokens: {
      title: "Output tokens by user",
      description: "Tokens written for each user in each minute.",
      unit: "short",
      queries: [
        traceMetrics(
          `{ ${modelCallFilter} && ${outputTokens} != nil && ${ofUser} } | sum_over_time(${outputTokens}) by (${user})`,
          60,
        ),
      ],
    },
  } as const satisfies Record<string, Signal>;
}

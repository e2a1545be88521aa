import { attributes, traceql, type Attribute } from "../attributes.ts";
import { selectors, userFilter } from "./selectors.ts";
import { traceMetrics, traceTotal, type Signal, type SignalOptions } from "./signal.ts";

/** The most that a ranking shows. */
const ranks = 10;

/** What virtual keys and teams of LiteLLM use. None is a label of metrics: there is no end to them. */
export function teamSignals(options: SignalOptions) {
  const { cost, tokens } = rankingsBy(options);
  return {
    costByTeam: cost("team", attributes.teamAlias),
    costByKey: cost("key", attributes.keyAlias),
    tokensByTeam: tokens("team", attributes.teamAlias),
    tokensByKey: tokens("key", attributes.keyAlias),
  } as const satisfies Record<string, Signal>;
}

/** What single users do; only where traces tell who asks. */
export function userSignals(options: SignalOptions) {
  const { modelCallFilter } = selectors(options);
  const { cost, tokens } = rankingsBy(options);
  const outputTokens = traceql(attributes.outputTokens);
  const user = traceql(attributes.userId);
  const ofUser = `${modelCallFilter} && ${user} != nil${userFilter(options)}`;
  return {
    costByUser: cost("user", attributes.userId),
    tokensByUser: tokens("user", attributes.userId),
    userCalls: {
      title: "Calls by user",
      description:
        "Calls to models in each minute, by LiteLLM's user. Needs LiteLLM to know who asks, by key or by Open WebUI's " +
        "headers; calls of nobody known are not drawn.",
      unit: "short",
      queries: [traceMetrics(`{ ${ofUser} } | count_over_time() by (${user})`, 60)],
    },
    userTokens: {
      title: "Output tokens by user",
      description: "Tokens written for each user in each minute.",
      unit: "short",
      queries: [
        traceMetrics(
          `{ ${ofUser} && ${outputTokens} != nil } | sum_over_time(${outputTokens}) by (${user})`,
          60,
        ),
      ],
    },
  } as const satisfies Record<string, Signal>;
}

/** Rankings of those who used most. */
function rankingsBy(options: SignalOptions) {
  const { modelCallFilter } = selectors(options);
  const total = (attribute: Attribute, of: Attribute) => {
    const value = traceql(attribute);
    return traceTotal(
      `{ ${modelCallFilter} && ${value} != nil && ${traceql(of)} != nil${userFilter(options)} } ` +
        `| sum_over_time(${value}) by (${traceql(of)}) | topk(${ranks})`,
    );
  };
  return {
    cost: (who: string, of: Attribute) => ({
      title: `Cost by ${who}`,
      description: `What LiteLLM reckons the calls cost, over the dashboard's time range: the ${ranks} that cost most.`,
      unit: "currencyUSD",
      queries: [total(attributes.costTotal, of)] as const,
    }),
    tokens: (who: string, of: Attribute) => ({
      title: `Tokens by ${who}`,
      description: `Tokens that models wrote, over the dashboard's time range: the ${ranks} with the most.`,
      unit: "short",
      queries: [total(attributes.outputTokens, of)] as const,
    }),
  };
}

import { attributes, traceql } from "../attributes.ts";
import { selectors } from "./selectors.ts";
import { traceMetrics, type Signal, type SignalOptions } from "./signal.ts";

/** Calls by user. Users are never labels of metrics: there is no end to them. */
export function userSignals(options: SignalOptions) {
  const { isModelCall } = selectors(options);
  const outputTokens = traceql(attributes.outputTokens);
  const ids = [attributes.userId, attributes.endUserId].map(traceql);
  // Without a user the condition is `"" = ""`: a regex for "all" would leave out the calls of nobody known.
  const ofUser = `("$user" = "" || ${ids.map((id) => `${id} = "$user"`).join(" || ")})`;
  return {
    userCalls: {
      title: "Calls by user",
      description:
        "Calls to models in each minute, by LiteLLM's user; those of one user when the variable User is set. Needs LiteLLM to know " +
        "who asks, by key or by Open WebUI's headers.",
      unit: "short",
      queries: [traceMetrics(`{ ${isModelCall} && ${ofUser} } | count_over_time() by (${ids[0]})`, 60)],
      needs: ["litellm"],
    },
    userTokens: {
      title: "Output tokens by user",
      description: "Tokens written for each user in each minute.",
      unit: "short",
      queries: [
        traceMetrics(
          `{ ${isModelCall} && ${outputTokens} != nil && ${ofUser} } | sum_over_time(${outputTokens}) by (${ids[0]})`,
          60,
        ),
      ],
      needs: ["litellm"],
    },
  } as const satisfies Record<string, Signal>;
}

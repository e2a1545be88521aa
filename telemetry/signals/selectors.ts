import { senderLabels } from "../application-metrics.ts";
import { attributes, traceql } from "../attributes.ts";
import { escapeRegex, passThroughCall } from "../generator.ts";
import { kinds, labels, names, statuses } from "../metrics.ts";
import { smokePrefix } from "../smoke.ts";
import { all, is, isNot, matches, matchesNot, rate, sum } from "./promql.ts";
import { percentage, type Application, type SignalOptions } from "./signal.ts";

/** Routes of LiteLLM on which a model answers. */
const answerRoutes = ".*/(completions|responses|messages)";

/** Routes of LiteLLM on which a model makes vectors. */
const embeddingRoutes = ".*/embeddings";

/** What a model does when it answers. LiteLLM also writes operations of tools, agents and stores. */
const answerOperations = "chat|text_completion";

/** What a model does, embeddings (of which LiteLLM marks no call when Ollama makes them) among it. */
const modelOperations = `${answerOperations}|generate_content|embeddings`;

/** Codes with which a caller is refused, as long as no provider's failure is behind them. */
const callersCode = "4..";

/** A 4xx behind which a provider failed. */
const failedBehind = all(
  matches(labels.httpStatusCode, callersCode),
  isNot(labels.httpStatusCode, "400"),
  isNot(labels.errorProvider, ""),
);

/**
 * Whose failure a request is, decided once for panels, alerts and docs.
 *
 * The **caller's** (refused): answered with a 4xx, and no provider failed behind it; or with 400, which is the
 * caller's even when the provider says so (a prompt too long).
 * The **platform's** (failed): every other request that ended as an error. That is a 5xx; no code at all, for an
 * exception that nobody handled; an error with code 200, for an answer that broke off; a timeout (408); and what a
 * provider refused LiteLLM (429, 401, 404).
 *
 * Seen with LiteLLM 1.106.2: it marks every 4xx as an error, and names the provider on the request's span
 * (`litellm.provider.error.llm_provider`) only when a call of it failed.
 */
const outcomes = {
  refused: [
    all(matches(labels.httpStatusCode, callersCode), is(labels.errorProvider, "")),
    all(is(labels.httpStatusCode, "400"), isNot(labels.errorProvider, "")),
  ],
  failed: [
    all(is(labels.status, statuses.error), matchesNot(labels.httpStatusCode, callersCode)),
    failedBehind,
  ],
  served: [matchesNot(labels.httpStatusCode, callersCode), failedBehind],
} as const;

/** How a request ended; `served` is every one that was not refused, failed ones among them. */
export type Outcome = keyof typeof outcomes;

/** The rate of a counter over requests that ended so, over the dashboard's interval unless another window is named. */
export const rateOf = (series: string, requests: string, outcome: Outcome, window?: string): string =>
  outcomes[outcome].map((conditions) => rate(series, all(requests, conditions), window)).join(" or ");

/** Share of requests that the platform failed, of those that were not refused, in percent; by labels or of all. */
export const failedShare = (requests: string, ...by: readonly string[]): string =>
  percentage(
    sum(rateOf(names.calls, requests, "failed"), ...by),
    sum(rateOf(names.calls, requests, "served"), ...by),
  );

/**
 * The conditions that signals share: which spans are requests, which are calls to a model.
 *
 * @param environment - That whose spans they are.
 */
export function selectors(
  { services }: Pick<SignalOptions, "services">,
  environment: string = chosenEnvironment,
) {
  const here = is(labels.environment, environment);
  const anyService = Object.values(services).map(escapeRegex).join("|");
  const litellm = all(here, is(labels.service, services.litellm));
  const litellmServer = all(litellm, is(labels.kind, kinds.server));
  const litellmClient = all(litellm, is(labels.kind, kinds.client));
  const spansOf = (service: string) =>
    `${traceql(attributes.serviceName)} = ${JSON.stringify(service)} && ` +
    `${traceql(attributes.deploymentEnvironment)} = ${JSON.stringify(environment)}`;
  const litellmSpans = spansOf(services.litellm);
  // What LiteLLM hands on as it is names the model of the caller's body.
  const anyModelCallFilter =
    `${litellmSpans} && ${traceql(attributes.operation)} =~ "${modelOperations}" && ` +
    `${traceql(attributes.callType)} != "${passThroughCall}"`;
  const anyModelCalls = all(litellmClient, matches(labels.operation, modelOperations));
  return {
    /** Series of every request that an application answered. */
    requests: all(here, matches(labels.service, anyService), is(labels.kind, kinds.server)),
    /**
     * Series of LiteLLM's requests for a model's answer. Until FastAPI has resolved a route for the first time after a
     * start, `/v1/messages` has none: hence the empty alternative. What else has none is refused (404).
     */
    answerRequests: all(litellmServer, matches(labels.httpRoute, `(${answerRoutes})?`)),
    /** Series of LiteLLM's requests for embeddings. */
    embeddingRequests: all(litellmServer, matches(labels.httpRoute, embeddingRoutes)),
    /** Series of LiteLLM's calls to the models chosen in the dashboard. */
    modelCalls: all(anyModelCalls, matches(labels.providerModel, "$model")),
    /** Those of all models. */
    anyModelCalls,
    /** Series of its calls for an answer. */
    answerCalls: all(litellmClient, matches(labels.operation, answerOperations)),
    /** Series of LiteLLM's calls to its database and cache. */
    databaseCalls: all(litellmClient, isNot(labels.dbSystem, "")),
    /** Series of what an application measures itself. */
    measuredBy: (application: Application) => all(here, is(senderLabels.job, services[application])),
    /** Series of all of LiteLLM's requests. */
    litellmRequests: litellmServer,
    /** LiteLLM's spans that are requests for a model's answer. One that has no route yet is named by its method alone. */
    answerRequestFilter:
      `${litellmSpans} && span:kind = server && ` +
      `(${traceql(attributes.httpRoute)} =~ "${answerRoutes}" || span:name = "POST")`,
    /** LiteLLM's spans that are calls to a model. */
    anyModelCallFilter,
    /** Those of the models chosen in the dashboard. */
    modelCallFilter: `${anyModelCallFilter} && ${traceql(attributes.providerModel)} =~ "$model"`,
    /** LiteLLM's spans that are requests for embeddings. */
    embeddingFilter: `${litellmSpans} && span:kind = server && ${traceql(attributes.httpRoute)} =~ "${embeddingRoutes}"`,
  };
}

/** What a dashboard's variable stands at while all is chosen, as a regular expression. */
export const everything = ".*";

/** Restricts a condition to the user chosen in the dashboard, by either of the names that LiteLLM has for users; where there are any. */
export function userFilter({ users }: Pick<SignalOptions, "users">): string {
  const chosen = [attributes.userId, attributes.endUserId].map((id) => `${traceql(id)} = "$user"`);
  return users ? ` && ("$user" = "${everything}" || ${chosen.join(" || ")})` : "";
}

/** The environment chosen in the dashboard. */
export const chosenEnvironment = "$environment";

/** Edges of the service graph: of the environment chosen, without those that `smoke` makes. */
export const edgeConditions = all(
  is(labels.environment, chosenEnvironment),
  matchesNot(labels.client, `${smokePrefix}.*`),
  matchesNot(labels.server, `${smokePrefix}.*`),
);

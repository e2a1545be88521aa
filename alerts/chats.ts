import {
  budgetOf,
  burnRates,
  busySeconds,
  fewestBad,
  modelWindowSeconds,
  objectiveQueries,
  objectivesOf,
  type BurnRate,
  type Objective,
} from "../telemetry/signals/objectives.ts";
import { windowText, type RuleOptions } from "../telemetry/recordings.ts";
import { both, when, type Alert } from "./alert.ts";

/** Share of a model's calls from which on it fails, or is slow. */
const modelShare = { failing: 0.2, slow: 0.5 } as const;

/** How long a burn must last before it is told, by its long window: as kube-prometheus does for the API server. */
const burnForSeconds = new Map([
  [3600, 120],
  [6 * 3600, 900],
  [86_400, 3600],
  [3 * 86_400, 10_800],
]);

/** Alerts about chats: that they fail, take long, or begin late. */
export function chatAlerts(options: RuleOptions): readonly Alert[] {
  return [
    ...objectivesOf(options).flatMap((objective) => burnAlerts(objective, options)),
    ...modelAlerts(options),
  ];
}

const burnTexts = ({ objectives }: RuleOptions) =>
  ({
    availability: {
      name: "LLMErrorBudgetBurn",
      panel: { dashboard: "llm-tracing", title: "Error budget left" },
      summary: "LiteLLM fails more requests for an answer than the objective allows.",
      what: "of the requests for an answer failed",
      promised: `${objectives.availability} % of them must not fail`,
    },
    latency: {
      name: "LLMLatencyBudgetBurn",
      panel: { dashboard: "llm-tracing", title: "Latency budget left" },
      summary: "LiteLLM answers more slowly than the objective allows.",
      what: `of the requests for an answer took longer than ${objectives.latency.underSeconds} s`,
      promised: `${objectives.latency.target} % of them must end in that time`,
    },
    firstToken: {
      name: "LLMFirstTokenBudgetBurn",
      panel: { dashboard: "llm-tracing", title: "First token budget left" },
      summary: "Streamed answers begin later than the objective allows.",
      what: `of the streamed answers began after more than ${objectives.firstToken?.underSeconds} s`,
      promised: `${objectives.firstToken?.target} % of them must begin in that time`,
    },
  }) as const;

function burnAlerts(objective: Objective, options: RuleOptions): Alert[] {
  const { name, panel, summary, what, promised } = burnTexts(options)[objective];
  const { bad, badShare, requests } = objectiveQueries(options);
  const budget = budgetOf(objective, options);
  const window = windowText(options.objectives.windowSeconds, {});
  const alert = (severity: Alert["severity"], { factor, longSeconds, shortSeconds }: BurnRate): Alert => {
    const threshold = Number((factor * budget).toFixed(6));
    const long = windowText(longSeconds, {});
    const days = Math.round((options.objectives.windowSeconds / 86_400 / factor) * 10) / 10;
    return {
      name,
      severity,
      labels: { long, short: windowText(shortSeconds, {}) },
      text: both(
        `${badShare(objective, longSeconds)} > ${threshold}`,
        `${badShare(objective, shortSeconds)} > ${threshold}`,
        `${requests(objective, longSeconds)} >= ${options.objectives.minimumRequests}`,
        `${bad(objective, longSeconds)} >= ${fewestBad}`,
      ),
      forSeconds: burnForSeconds.get(longSeconds)!,
      summary,
      description:
        `{{ $value | humanizePercentage }} ${what} over ${long}, {{ $labels.environment }}: ${promised}. ` +
        `That is more than ${factor === 1 ? "" : `${factor} times `}what is allowed: the budget of ${window} is gone within ${days} days.`,
      panel,
    };
  };
  return [
    ...burnRates.page.map((rate) => alert("critical", rate)),
    ...burnRates.ticket.map((rate) => alert("warning", rate)),
  ];
}

function modelAlerts(options: RuleOptions): Alert[] {
  const queries = objectiveQueries(options);
  const { minimumRequests, latency } = options.objectives;
  const window = windowText(modelWindowSeconds, {});
  const quarters = busySeconds / modelWindowSeconds;
  const enough = `${queries.modelCalls} >= ${minimumRequests}`;
  const model = "{{ $labels.litellm_provider_model }}";
  return [
    {
      name: "LLMModelFailing",
      severity: "warning",
      text: both(`${queries.modelFailed} > ${modelShare.failing}`, enough),
      forSeconds: 300,
      summary: `Calls to the model ${model} fail.`,
      description: `{{ $value | humanizePercentage }} of the calls to ${model} failed over ${window}. LiteLLM may still answer, with another model.`,
      panel: { dashboard: "llm-tracing", title: "Failed calls by model" },
    },
    {
      name: "LLMModelSlow",
      severity: "warning",
      text: both(`${queries.modelSlow} > ${modelShare.slow}`, enough),
      forSeconds: 900,
      summary: `The model ${model} is slow.`,
      description: `{{ $value | humanizePercentage }} of the calls to ${model} took longer than ${latency.underSeconds} s over ${window}.`,
      panel: { dashboard: "llm-tracing", title: "p95 by model" },
    },
    {
      name: "LLMModelQuiet",
      severity: "warning",
      text: when(
        // So many in each quarter of that hour that none in this one is no chance.
        `${queries.modelCallsBefore} >= ${quarters * minimumRequests} unless ${queries.modelCalls} > 0`,
        `${queries.allCalls} >= ${minimumRequests}`,
      ),
      forSeconds: 0,
      summary: `Nobody calls the model ${model} any more, while others are called.`,
      description: `No call to ${model} for ${window}, after {{ $value | printf "%.0f" }} in the hour before.`,
      panel: { dashboard: "llm-tracing", title: "Calls by model" },
    },
  ];
}

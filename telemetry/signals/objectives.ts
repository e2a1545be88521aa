import { labels, names, statuses } from "../metrics.ts";
import { evaluationSeconds, recorded, windowText, type RuleOptions } from "../recordings.ts";
import { histogram } from "./histogram.ts";
import { all, increase, is, sum } from "./promql.ts";
import { chosenEnvironment, selectors } from "./selectors.ts";
import { prom, whenBusy, type Signal, type SignalOptions } from "./signal.ts";

/** What an objective is about: that requests for an answer do not fail, or end in time. */
export type Objective = "availability" | "latency";

const badOf = { availability: recorded.failed, latency: recorded.slow } as const;

/** How fast an objective's budget may burn, over a long window and, so that it is still so, over a short one. */
export interface BurnRate {
  /** How many times faster than the budget allows. */
  readonly factor: number;
  readonly longSeconds: number;
  readonly shortSeconds: number;
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Windows of the alerts, in seconds. (Google, The Site Reliability Workbook, chapter 5, table 5-8) */
export const burnRates = {
  page: [
    { factor: 14.4, longSeconds: hour, shortSeconds: 5 * minute },
    { factor: 6, longSeconds: 6 * hour, shortSeconds: 30 * minute },
  ],
  ticket: [
    { factor: 3, longSeconds: day, shortSeconds: 2 * hour },
    { factor: 1, longSeconds: 3 * day, shortSeconds: 6 * hour },
  ],
} as const satisfies Record<string, readonly BurnRate[]>;

/** Fewer failed or slow requests than these alert nobody: with little traffic a single one is a large share. */
export const fewestBad = 5;

/** What of an objective's requests may go wrong, as a share. */
export const budgetOf = (
  objective: Objective,
  { objectives: { availability, latency } }: Pick<SignalOptions, "objectives">,
): number => round((100 - (objective === "availability" ? availability : latency.target)) / 100);

/** Seconds over which models are judged. */
export const modelWindowSeconds = 15 * minute;

/** Seconds in which a model that has gone quiet was busy before. */
export const busySeconds = hour;

/** Queries about the objectives and about models over windows: for alerts, and for the row that shows the objectives. */
export function objectiveQueries(options: RuleOptions) {
  const { environment, objectives } = options;
  const own = (series: string) => `${series}{${is(labels.environment, environment)}}`;
  const text = (seconds: number) => windowText(seconds, options);
  const overTime = (series: string, seconds: number) => `sum_over_time(${own(series)}[${text(seconds)}])`;
  const interval = evaluationSeconds * (options.windowScale ?? 1);
  const { anyModelCalls } = selectors(options, environment);
  const byModel = (series: string, matchers: string, seconds: number) =>
    sum(increase(series, matchers, text(seconds)), labels.providerModel);
  const callSeconds = histogram(options.histograms, names.latency, (series, ...matchers) =>
    increase(series, all(anyModelCalls, ...matchers), text(modelWindowSeconds)),
  );
  const calls = byModel(names.calls, anyModelCalls, modelWindowSeconds);
  const failedCalls = all(anyModelCalls, is(labels.status, statuses.error));
  const before = (selector: string) =>
    sum(
      `increase(${names.calls}{${selector}}[${text(busySeconds)}] offset ${text(modelWindowSeconds)})`,
      labels.providerModel,
    );
  return {
    /** Share of requests that went against an objective, over a window. */
    badShare: (objective: Objective, seconds: number) =>
      `${overTime(badOf[objective], seconds)} / ${overTime(recorded.served, seconds)}`,
    /** Requests that went against an objective, over a window. */
    bad: (objective: Objective, seconds: number) => `${overTime(badOf[objective], seconds)} * ${interval}`,
    /** Requests over a window. */
    requests: (seconds: number) => `${overTime(recorded.served, seconds)} * ${interval}`,
    /** Calls of each model over {@link modelWindowSeconds}. */
    modelCalls: calls,
    /** Share of each model's calls that failed, over the same. */
    modelFailed: `${byModel(names.calls, failedCalls, modelWindowSeconds)} / ${calls}`,
    /** Share of each model's calls that took longer than the objective of latency, over the same. */
    modelSlow: `1 - ${callSeconds.shareWithin(objectives.latency.underSeconds, labels.providerModel)}`,
    /** Calls that each model had in the hour before the last {@link modelWindowSeconds}. */
    modelCallsBefore: before(anyModelCalls),
    /** Calls that all models had in the last {@link modelWindowSeconds}. */
    allCalls: sum(increase(names.calls, anyModelCalls, text(modelWindowSeconds))),
  };
}

/** How well the objectives are kept, in the environment that the dashboard has chosen. */
export function objectiveSignals(options: SignalOptions) {
  const { objectives } = options;
  const { windowSeconds, availability, latency } = objectives;
  const { badShare } = objectiveQueries({ ...options, environment: chosenEnvironment });
  const window = windowText(windowSeconds, {});
  const kept = (objective: Objective) => `100 * (1 - ${badShare(objective, windowSeconds)})`;
  const left = (objective: Objective) =>
    `100 * (1 - ${badShare(objective, windowSeconds)} / ${budgetOf(objective, options)})`;
  const burn = (objective: Objective) => `${badShare(objective, hour)} / ${budgetOf(objective, options)}`;
  return {
    availability: {
      title: "Availability",
      description: `Share of the requests for an answer of the last ${window} that the platform did not fail. Objective: ${availability} %.`,
      unit: "percent",
      queries: [prom(whenBusy(kept("availability")), "available")],
    },
    availabilityBudget: {
      title: "Error budget left",
      description:
        `What is left of the ${round(100 - availability)} % of the requests of ${window} that may fail. Below 0 the ` +
        "objective is missed.",
      unit: "percent",
      queries: [prom(`(${left("availability")}) <= 100`, "left")],
    },
    inTime: {
      title: "Answered in time",
      description: `Share of the requests for an answer of the last ${window} that ended within ${latency.underSeconds} s. Objective: ${latency.target} %.`,
      unit: "percent",
      queries: [prom(whenBusy(kept("latency")), "in time")],
    },
    latencyBudget: {
      title: "Latency budget left",
      description:
        `What is left of the ${round(100 - latency.target)} % of the requests of ${window} that may take longer than ` +
        `${latency.underSeconds} s. Below 0 the objective is missed.`,
      unit: "percent",
      queries: [prom(`(${left("latency")}) <= 100`, "left")],
    },
    burnRate: {
      title: "Burn rate",
      description:
        "How many times faster than the objective allows the budgets were used in the last hour. At 1 they last exactly " +
        `${window}; at ${burnRates.page[0].factor}, seen for an hour, somebody is called.`,
      unit: "short",
      queries: [
        prom(whenBusy(burn("availability")), "failed requests"),
        prom(whenBusy(burn("latency")), "slow requests"),
      ],
    },
  } as const satisfies Record<string, Signal>;
}

/** Without what binary fractions add. */
const round = (value: number): number => Number(value.toFixed(6));

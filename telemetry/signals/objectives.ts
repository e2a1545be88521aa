import { labels, names, statuses } from "../metrics.ts";
import { evaluationSeconds, recorded, windowText, type RuleOptions } from "../recordings.ts";
import { histogram } from "./histogram.ts";
import { all, increase, is, sum } from "./promql.ts";
import { chosenEnvironment, selectors } from "./selectors.ts";
import { prom, whenBusy, type Signal, type SignalOptions } from "./signal.ts";

/** What an objective is about: that requests for an answer do not fail, or end in time; or that streamed answers begin in time. */
export type Objective = "availability" | "latency" | "firstToken";

/** The objectives that an installation has. */
export const objectivesOf = ({ objectives }: Pick<SignalOptions, "objectives">): readonly Objective[] => [
  "availability",
  "latency",
  ...(objectives.firstToken ? (["firstToken"] as const) : []),
];

/** What each is kept of, and what of that went against it. */
const seriesOf = {
  availability: { all: recorded.served, bad: recorded.failed },
  latency: { all: recorded.served, bad: recorded.slow },
  firstToken: { all: recorded.begun, bad: recorded.late },
} as const;

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

/** Fewer failed, slow or late ones than these alert nobody: with little traffic a single one is a large share. */
export const fewestBad = 5;

/** What of an objective's requests may go wrong, as a share. */
export function budgetOf(objective: Objective, { objectives }: Pick<SignalOptions, "objectives">): number {
  const target = objective === "availability" ? objectives.availability : objectives[objective]!.target;
  return round((100 - target) / 100);
}

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
    /** Share of an objective's requests that went against it, over a window. */
    badShare: (objective: Objective, seconds: number) =>
      `${overTime(seriesOf[objective].bad, seconds)} / ${overTime(seriesOf[objective].all, seconds)}`,
    /** Requests that went against an objective, over a window. */
    bad: (objective: Objective, seconds: number) =>
      `${overTime(seriesOf[objective].bad, seconds)} * ${interval}`,
    /** An objective's requests over a window. */
    requests: (objective: Objective, seconds: number) =>
      `${overTime(seriesOf[objective].all, seconds)} * ${interval}`,
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
  const { windowSeconds, availability, latency, firstToken } = objectives;
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
    ...(firstToken && {
      beganInTime: {
        title: "Began in time",
        description: `Share of the streamed answers of the last ${window} whose first token came within ${firstToken.underSeconds} s. Objective: ${firstToken.target} %.`,
        unit: "percent",
        queries: [prom(whenBusy(kept("firstToken")), "began in time")],
      },
      firstTokenBudget: {
        title: "First token budget left",
        description:
          `What is left of the ${round(100 - firstToken.target)} % of the streamed answers of ${window} whose first token ` +
          `may come after more than ${firstToken.underSeconds} s. Below 0 the objective is missed.`,
        unit: "percent",
        queries: [prom(`(${left("firstToken")}) <= 100`, "left")],
      },
    }),
    burnRate: {
      title: "Burn rate",
      description:
        "How many times faster than the objective allows the budgets were used in the last hour. At 1 they last exactly " +
        `${window}; at ${burnRates.page[0].factor}, seen for an hour, somebody is called.`,
      unit: "short",
      queries: objectivesOf(options).map((objective) => prom(whenBusy(burn(objective)), lineOf[objective])),
    },
  } as const satisfies Record<string, Signal>;
}

const lineOf = {
  availability: "failed requests",
  latency: "slow requests",
  firstToken: "late first tokens",
} as const satisfies Record<Objective, string>;

/** Without what binary fractions add. */
const round = (value: number): number => Number(value.toFixed(6));

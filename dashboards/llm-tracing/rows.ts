import type { Signal } from "../../telemetry/signals.ts";
import type { TelemetryContext } from "../dashboard.ts";
import type { ClosedRow, Placed } from "../layout.ts";
import { heatmapPanel, rankingPanel, statPanel, timeseriesPanel } from "../panels.ts";
import { callTable } from "./span-table.ts";
import { budgetThresholds, keptFrom } from "./thresholds.ts";

/** The rows an operator opens when the panels above have told where to look. */
export function rows(context: TelemetryContext): ClosedRow[] {
  const { signals, applicationMetrics } = context;
  const lines = (...list: Signal[]): Placed[] =>
    sideBySide(list.map((signal) => timeseriesPanel(signal, context)));
  const rankings = (...list: Signal[]): Placed[] =>
    sideBySide(list.map((signal) => rankingPanel(signal, context)));
  return [
    { title: "Objectives", panels: objectives(context) },
    {
      title: "Where LiteLLM's time goes",
      panels: [
        ...sideBySide([
          heatmapPanel(signals.latencyHeatmap, context),
          timeseriesPanel(signals.timeSplit, context),
          timeseriesPanel(signals.databaseShare, context),
        ]),
      ],
    },
    { title: "Models", panels: lines(signals.modelRate, signals.modelLatency, signals.modelErrors) },
    ...(applicationMetrics
      ? [
          {
            title: "First token",
            panels: lines(signals.firstTokenMedian, signals.firstTokenP95, signals.firstTokenP99),
          },
          {
            title: "Speed of answers",
            panels: lines(signals.outputTokenMedian, signals.outputTokenP95),
          },
        ]
      : [
          {
            title: "First token",
            panels: lines(signals.timeToFirstToken, signals.timeToFirstTokenMax, signals.lateAnswers),
          },
        ]),
    {
      title: "Errors",
      panels: lines(
        signals.errorClasses,
        ...(applicationMetrics ? [signals.failedCalls] : []),
        signals.refusedRequests,
      ),
    },
    {
      title: "Embeddings",
      panels: applicationMetrics
        ? lines(
            signals.embeddingCalls,
            signals.embeddingP95,
            signals.embeddingTokens,
            signals.embeddingErrors,
          )
        : lines(signals.embeddingRate, signals.embeddingDuration, signals.embeddingErrors),
    },
    {
      title: "Tokens and cost",
      panels: [
        ...lines(signals.outputTokens, signals.tokensPerCall, signals.cost),
        { at: { x: 0, y: height, w: 24, h: 12 }, panel: callTable(signals.modelCalls, context) },
      ],
    },
    ...[users(context)].filter(({ length }) => length > 0).map((panels) => ({ title: "Users", panels })),
    {
      title: "Teams and keys (LiteLLM with a database)",
      panels: rankings(signals.costByTeam, signals.tokensByTeam, signals.costByKey, signals.tokensByKey),
    },
    { title: "Service graph", panels: lines(signals.edgeRate, signals.edgeDuration, signals.edgeErrors) },
  ];
}

const height = 9;

/** The panels of users: by user where traces have users, and how many there are where Open WebUI says it. */
function users(context: TelemetryContext): Placed[] {
  const { signals, applicationMetrics } = context;
  const { userCalls, userTokens, costByUser, tokensByUser, activePeople } = signals;
  const known = (list: readonly (Signal | undefined)[]) => list.filter((signal) => signal !== undefined);
  const lines = known([userCalls, userTokens, applicationMetrics ? activePeople : undefined]);
  return [
    ...sideBySide(lines.map((signal) => timeseriesPanel(signal, context))),
    ...below(sideBySide(known([costByUser, tokensByUser]).map((signal) => rankingPanel(signal, context)))),
  ];
}

/**
 * How well the objectives are kept: a column for each, with the share that is kept and below it what is left of its budget, for
 * the whole of their window; and how fast the budgets burn.
 */
function objectives(context: TelemetryContext): Placed[] {
  const { signals, objectives } = context;
  const { availability, latency, firstToken } = objectives;
  const { beganInTime, firstTokenBudget } = signals;
  const columns = [
    { kept: signals.availability, left: signals.availabilityBudget, target: availability },
    { kept: signals.inTime, left: signals.latencyBudget, target: latency.target },
    ...(firstToken && beganInTime && firstTokenBudget
      ? [{ kept: beganInTime, left: firstTokenBudget, target: firstToken.target }]
      : []),
  ];
  const width = 12 / columns.length;
  const at = (index: number, y: number) => ({ x: index * width, y, w: width, h: statHeight });
  return [
    ...columns.flatMap(({ kept, left, target }, index) => [
      {
        at: at(index, 0),
        panel: statPanel(kept, { ...context, thresholds: keptFrom(target) }).decimals(2),
      },
      {
        at: at(index, statHeight),
        panel: statPanel(left, { ...context, thresholds: budgetThresholds }).decimals(0),
      },
    ]),
    {
      at: { x: 12, y: 0, w: 12, h: 2 * statHeight },
      panel: timeseriesPanel(signals.burnRate, context),
    },
  ];
}

const statHeight = 5;

/** Panels beside each other over the whole width. */
function sideBySide(panels: readonly Placed["panel"][]): Placed[] {
  const width = 24 / panels.length;
  return panels.map((panel, index) => ({ at: { x: index * width, y: 0, w: width, h: height }, panel }));
}

/** A second line of panels. */
const below = (panels: readonly Placed[]): Placed[] =>
  panels.map(({ at, panel }) => ({ at: { ...at, y: at.y + height }, panel }));

import type { Signal } from "../../telemetry/signals.ts";
import type { TelemetryContext } from "../dashboard.ts";
import type { ClosedRow, Placed } from "../layout.ts";
import { heatmapPanel, rankingPanel, timeseriesPanel } from "../panels.ts";
import { callTable } from "./span-table.ts";

/** The rows an operator opens when the panels above have told where to look. */
export function rows(context: TelemetryContext): ClosedRow[] {
  const { signals } = context;
  const lines = (...list: Signal[]): Placed[] =>
    sideBySide(list.map((signal) => timeseriesPanel(signal, context)));
  const rankings = (...list: Signal[]): Placed[] =>
    sideBySide(list.map((signal) => rankingPanel(signal, context)));
  return [
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
    {
      title: "First token",
      panels: lines(signals.timeToFirstToken, signals.timeToFirstTokenMax, signals.lateAnswers),
    },
    { title: "Errors", panels: lines(signals.errorClasses, signals.refusedRequests) },
    {
      title: "Embeddings",
      panels: lines(signals.embeddingRate, signals.embeddingDuration, signals.embeddingErrors),
    },
    {
      title: "Tokens and cost",
      panels: [
        ...lines(signals.outputTokens, signals.tokensPerCall, signals.cost),
        { at: { x: 0, y: height, w: 24, h: 12 }, panel: callTable(signals.modelCalls, context) },
      ],
    },
    {
      title: "Users",
      panels: [
        ...lines(signals.userCalls, signals.userTokens),
        ...below(rankings(signals.costByUser, signals.tokensByUser)),
      ],
    },
    {
      title: "Teams and keys (LiteLLM with a database)",
      panels: rankings(signals.costByTeam, signals.tokensByTeam, signals.costByKey, signals.tokensByKey),
    },
    { title: "Service graph", panels: lines(signals.edgeRate, signals.edgeDuration, signals.edgeErrors) },
  ];
}

const height = 9;

/** Panels beside each other over the whole width. */
function sideBySide(panels: readonly Placed["panel"][]): Placed[] {
  const width = 24 / panels.length;
  return panels.map((panel, index) => ({ at: { x: index * width, y: 0, w: width, h: height }, panel }));
}

/** A second line of panels. */
const below = (panels: readonly Placed[]): Placed[] =>
  panels.map(({ at, panel }) => ({ at: { ...at, y: at.y + height }, panel }));

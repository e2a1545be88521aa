import type { Signal } from "../../telemetry/signals.ts";
import type { DashboardContext } from "../dashboard.ts";
import type { ClosedRow, Placed } from "../layout.ts";
import { tablePanel, timeseriesPanel } from "../panels.ts";

/** The rows an operator opens when the six panels have told where to look. */
export function rows(context: DashboardContext): ClosedRow[] {
  const { signals } = context;
  const lines = (...list: Signal[]): Placed[] => sideBySide(list, context);
  return [
    {
      title: "Where LiteLLM's time goes",
      panels: lines(signals.timeSplit, signals.timeToFirstToken, signals.databaseShare),
    },
    { title: "Models", panels: lines(signals.modelRate, signals.modelLatency, signals.timeToFirstTokenMax) },
    { title: "Errors", panels: lines(signals.modelErrors, signals.errorClasses, signals.refusedRequests) },
    {
      title: "Embeddings",
      panels: lines(signals.embeddingRate, signals.embeddingDuration, signals.embeddingErrors),
    },
    {
      title: "Tokens and cost",
      panels: [
        ...lines(signals.outputTokens, signals.tokensPerCall, signals.cost),
        { at: { x: 0, y: height, w: 24, h: 12 }, panel: tablePanel(signals.modelCalls, context) },
      ],
    },
    { title: "Users", panels: lines(signals.userCalls, signals.userTokens) },
    { title: "Service graph", panels: lines(signals.edgeRate, signals.edgeDuration, signals.edgeErrors) },
  ];
}

const height = 9;

/** Lines over time, beside each other over the whole width. */
function sideBySide(list: readonly Signal[], context: DashboardContext): Placed[] {
  const width = 24 / list.length;
  return list.map((signal, index) => ({
    at: { x: index * width, y: 0, w: width, h: height },
    panel: timeseriesPanel(signal, context),
  }));
}

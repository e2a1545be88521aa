import type { DashboardContext } from "../dashboard.ts";
import type { ClosedRow } from "../layout.ts";
import { timeseriesPanel } from "../panels.ts";

/** The topology's edges over time, those to Ollama and PostgreSQL among them. */
export const serviceGraphRow = (context: DashboardContext): ClosedRow => ({
  title: "Service graph",
  panels: [context.signals.edgeRate, context.signals.edgeDuration, context.signals.edgeErrors].map((signal, index) => ({
    at: { x: index * 8, y: 0, w: 8, h: 9 },
    panel: timeseriesPanel(signal, context),
  })),
});

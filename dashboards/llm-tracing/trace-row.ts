import type { DashboardContext } from "../dashboard.ts";
import type { ClosedRow } from "../layout.ts";
import { tablePanel, tracePanel } from "../panels.ts";

/** The trace chosen in a table, with its logs, without leaving the dashboard. */
export const traceRow = (context: DashboardContext): ClosedRow => ({
  title: "Trace",
  panels: [
    { at: { x: 0, y: 0, w: 24, h: 18 }, panel: tracePanel(context.signals.trace, context) },
    { at: { x: 0, y: 18, w: 24, h: 12 }, panel: tablePanel(context.signals.traceLogs, context) },
  ],
});

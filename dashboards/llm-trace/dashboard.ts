import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import type { TelemetryContext, DashboardFile } from "../dashboard.ts";
import { layout } from "../layout.ts";
import { siblings } from "../links.ts";
import { normalise } from "../normalise.ts";
import { tablePanel, tracePanel } from "../panels.ts";
import { datasourceVariables, traceIdVariable } from "../variables.ts";
import { shownSources, uid } from "./address.ts";

/** The dashboard "LLM Trace": where a click on a request leads. It needs no Explore, which Viewers do not have. */
export function llmTrace(context: TelemetryContext): DashboardFile {
  const { signals } = context;
  const dashboard = new DashboardBuilder("LLM Trace")
    .uid(uid)
    .description("One trace with all its spans, and the logs of every service that worked on it.")
    .tags(["llm", "tracing"])
    .time({ from: "now-1h", to: "now" })
    .readonly()
    .links([siblings()])
    .variables([...datasourceVariables(context.uids, shownSources), traceIdVariable()])
    .build();
  dashboard.panels = layout(
    [
      { at: { x: 0, y: 0, w: 24, h: 22 }, panel: tracePanel(signals.trace, context) },
      { at: { x: 0, y: 22, w: 24, h: 14 }, panel: tablePanel(signals.traceLogs, context) },
    ],
    [],
  );
  return { name: "llm-trace-dashboard", json: normalise(dashboard) };
}

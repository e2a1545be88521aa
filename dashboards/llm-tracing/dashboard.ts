import { DashboardBuilder, DashboardCursorSync } from "@grafana/grafana-foundation-sdk/dashboard";
import type { TelemetryContext, DashboardFile } from "../dashboard.ts";
import { layout } from "../layout.ts";
import { siblings } from "../links.ts";
import { normalise } from "../normalise.ts";
import {
  datasourceVariables,
  environmentVariable,
  intervalVariable,
  modelVariable,
  userVariable,
} from "../variables.ts";
import { annotations } from "./annotations.ts";
import { overview } from "./overview.ts";
import { rows } from "./rows.ts";
import { uid } from "./uid.ts";

/** The dashboard "LLM Request Tracing". */
export function llmTracing(context: TelemetryContext): DashboardFile {
  const dashboard = new DashboardBuilder("LLM Request Tracing")
    .uid(uid)
    .description(
      "Where a chat spends its time, from Open WebUI through LiteLLM to the model, and which chats fail.",
    )
    .tags(["llm", "tracing"])
    .time({ from: "now-1h", to: "now" })
    .refresh("1m")
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .links([siblings()])
    .annotations(annotations(context))
    .variables([
      ...datasourceVariables(context.uids, ["prometheus", "tempo", "openobserve"]),
      environmentVariable(context),
      modelVariable(context),
      ...userVariable(context),
      intervalVariable(),
    ])
    .build();
  dashboard.panels = layout(overview(context), rows(context));
  return { name: "llm-tracing-dashboard", json: normalise(dashboard) };
}

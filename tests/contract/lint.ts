import { panelsOf, type Dashboard, type PlacedPanel } from "./dashboard-json.ts";
import { templateDatasource, templateReload, templateVariable, uneditable } from "./lint-dashboard.ts";
import {
  panelDatasource,
  panelNoTargets,
  panelTitleDescription,
  panelUnits,
  targetMatcher,
  targetRateInterval,
} from "./lint-panel.ts";

/** A rule that is broken, where, and how. */
export interface Finding {
  readonly rule: string;
  readonly place: string;
  readonly problem: string;
}

type Rule = (dashboard: Dashboard) => Omit<Finding, "rule">[];

/**
 * The rules of Grafana's dashboard-linter for dashboards like ours. `target-promql`, `target-counter-agg` and
 * `template-label-promql` are the gate's; `target-logql` is for Loki.
 */
const rules: Readonly<Record<string, Rule>> = {
  "template-datasource": ofDashboard(templateDatasource),
  "template-job": ofDashboard((dashboard) => templateVariable(dashboard, "job")),
  "template-instance": ofDashboard((dashboard) => templateVariable(dashboard, "instance")),
  "template-on-time-change-reload": ofDashboard(templateReload),
  "panel-datasource": perPanel(panelDatasource),
  "panel-title-description": perPanel(panelTitleDescription),
  "panel-units": perPanel(panelUnits),
  "panel-no-targets": perPanel(panelNoTargets),
  "target-rate-interval": perPanel(targetRateInterval),
  "target-job": perPanel((placed) => targetMatcher(placed, "job")),
  "target-instance": perPanel((placed) => targetMatcher(placed, "instance")),
  "uneditable-dashboard": ofDashboard(uneditable),
};

/** Every breach of every rule. */
export const lint = (dashboard: Dashboard): Finding[] =>
  Object.entries(rules).flatMap(([rule, check]) => check(dashboard).map((finding) => ({ rule, ...finding })));

function ofDashboard(check: (dashboard: Dashboard) => string[]): Rule {
  return (dashboard) => check(dashboard).map((problem) => ({ place: dashboard.title, problem }));
}

function perPanel(check: (placed: PlacedPanel) => string[]): Rule {
  return (dashboard) =>
    panelsOf(dashboard).flatMap((placed) =>
      check(placed).map((problem) => ({ place: placed.place, problem })),
    );
}

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

/** Where a rule is broken, and how. */
export interface Breach {
  readonly place: string;
  readonly problem: string;
}

/** A breach with the rule's name. */
export interface Finding extends Breach {
  readonly rule: string;
}

type Rule = (dashboard: Dashboard) => Breach[];

/**
 * The rules of Grafana's dashboard-linter for dashboards like ours. `target-promql`, `target-counter-agg` and
 * `template-label-promql` are the gate's; `target-logql` is for Loki.
 */
const rules: Readonly<Record<string, Rule>> = {
  "template-datasource": templateDatasource,
  "template-job": (dashboard) => templateVariable(dashboard, "job"),
  "template-instance": (dashboard) => templateVariable(dashboard, "instance"),
  "template-on-time-change-reload": templateReload,
  "panel-datasource": perPanel(panelDatasource),
  "panel-title-description": perPanel(panelTitleDescription),
  "panel-units": perPanel(panelUnits),
  "panel-no-targets": perPanel(panelNoTargets),
  "target-rate-interval": perPanel(targetRateInterval),
  "target-job": perPanel((placed) => targetMatcher(placed, "job")),
  "target-instance": perPanel((placed) => targetMatcher(placed, "instance")),
  "uneditable-dashboard": uneditable,
};

/** Every breach of every rule. */
export const lint = (dashboard: Dashboard): Finding[] =>
  Object.entries(rules).flatMap(([rule, check]) => check(dashboard).map((finding) => ({ rule, ...finding })));

function perPanel(check: (placed: PlacedPanel) => string[]): Rule {
  return (dashboard) =>
    panelsOf(dashboard).flatMap((placed) =>
      check(placed).map((problem) => ({ place: placed.place, problem })),
    );
}

import { evaluationSeconds, recordings, type RuleOptions } from "../telemetry/recordings.ts";
import type { Alert, PanelName } from "./alert.ts";
import { chatAlerts } from "./chats.ts";
import { collectorAlerts } from "./collector.ts";
import { roleAlerts } from "./roles.ts";
import { tracingAlerts } from "./tracing.ts";

/** A rule as Prometheus reads it. */
export type Rule =
  | { readonly record: string; readonly expr: string }
  | {
      readonly alert: string;
      readonly expr: string;
      readonly for?: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    };

/** A group of rules as Prometheus reads it: they are evaluated one after the other. */
export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

/** Where an alert leads a person to. */
export interface AlertLinks {
  /** Address of a panel. */
  readonly panel: (panel: PanelName) => string;
  /** Address of the page that has a heading for each alert. */
  readonly runbooks: string;
}

/** Every alert of an installation. */
export const alerts = (options: RuleOptions): readonly Alert[] => [
  ...chatAlerts(options),
  ...tracingAlerts(options),
  ...roleAlerts(options),
  ...collectorAlerts(options),
];

/** Every rule of an installation. */
export function ruleGroups(options: RuleOptions, links: AlertLinks): readonly RuleGroup[] {
  const interval = `${evaluationSeconds * (options.windowScale ?? 1)}s`;
  const group = (name: string, rules: readonly Rule[]): RuleGroup => ({
    name: `llm-tracing-${name}`,
    interval,
    rules,
  });
  const told = (list: readonly Alert[]) => list.map((alert) => alertRule(alert, options, links));
  return [
    group(
      "recordings",
      recordings(options).map(({ name, text }) => ({ record: name, expr: text })),
    ),
    group("chats", told(chatAlerts(options))),
    group("tracing", told(tracingAlerts(options))),
    ...(options.roles ? [group("roles", told(roleAlerts(options)))] : []),
    ...(options.collector ? [group("collector", told(collectorAlerts(options)))] : []),
  ];
}

const alertRule = (
  { name, severity, text, forSeconds, summary, description, panel, labels }: Alert,
  { environment, windowScale = 1 }: RuleOptions,
  links: AlertLinks,
): Rule => ({
  alert: name,
  expr: text,
  ...(forSeconds > 0 && { for: `${Math.round(forSeconds * windowScale)}s` }),
  labels: { severity, environment, ...labels },
  annotations: {
    summary,
    description,
    dashboard_url: links.panel(panel),
    runbook_url: `${links.runbooks}#${name.toLowerCase()}`,
  },
});

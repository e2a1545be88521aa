import {
  boundingRules,
  privacyRules,
  type CollectorRules,
  type PrivacyMode,
} from "../../telemetry/privacy.ts";
import type { Application } from "../../telemetry/signals.ts";

export { saltVariable } from "../../telemetry/privacy.ts";

/** What the processors of traces and logs follow from. */
export interface PrivacyArgs {
  readonly mode: PrivacyMode;
  /** `service.name` of each application. */
  readonly services: Readonly<Record<Application, string>>;
}

/** A statement that fails must not let through what it was to take out: the data is refused then. */
const failClosed = { error_mode: "propagate" } as const;

/**
 * Processors that bound traces and logs and take out of them what tells of people, by their names, and the names of each
 * signal's in their order.
 */
export function privacyProcessors(args: PrivacyArgs) {
  const sets = Object.entries({ bounds: boundingRules(args), privacy: privacyRules(args) });
  const of = (signal: "traces" | "logs"): string[] =>
    sets.flatMap(([name, { drop, change }]) => [
      ...(drop[signal].length > 0 ? [`filter/${name}`] : []),
      ...(change[signal].length > 0 ? [`transform/${name}`] : []),
    ]);
  const order = { traces: of("traces"), logs: of("logs") };
  const isUsed = (name: string): boolean => [...order.traces, ...order.logs].includes(name);
  const processors = Object.fromEntries(
    sets.flatMap(([name, rules]) => processorsOf(name, rules)).filter(([name]) => isUsed(name)),
  );
  return { processors, order };
}

const processorsOf = (name: string, { drop, change }: CollectorRules): [string, object][] => [
  [`filter/${name}`, { ...failClosed, trace_conditions: drop.traces, log_conditions: drop.logs }],
  [`transform/${name}`, { ...failClosed, trace_statements: change.traces, log_statements: change.logs }],
];

import type { DatasourceUids } from "../grafana/datasources.ts";
import type { LogStore } from "../grafana/openobserve.ts";
import type { Choices, Events, Objectives, Signals } from "../telemetry/signals.ts";
import type { TempoRole } from "../telemetry/tempo-roles.ts";
import type { DashboardJson } from "./normalise.ts";

/** What of an installation its telemetry is asked by: what dashboards are made from, and data sources. */
export interface TelemetryContext {
  /** The stack's own environment, preset in every dashboard. */
  readonly environment: string;
  readonly signals: Signals;
  readonly choices: Choices;
  readonly events: Events;
  readonly uids: DatasourceUids;
  readonly logs: LogStore;
  readonly objectives: Objectives;
  /** Whether Prometheus gets what the applications measure themselves: through the collector. */
  readonly applicationMetrics: boolean;
  /** A request that takes longer is slow, in seconds. */
  readonly slowRequestSeconds: number;
  /** Whether applications send to a collector. */
  readonly hasCollector: boolean;
  /**
   * Pods that a distributed Tempo is to have of each role.
   *
   * @default none: it is one process
   */
  readonly roles?: Readonly<Record<TempoRole, number>>;
}

/** A dashboard, ready to be delivered. */
export interface DashboardFile {
  /** Name of its ConfigMap, and of its file before `.json`. */
  readonly name: string;
  readonly json: DashboardJson;
}

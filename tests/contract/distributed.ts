import { ruleGroups } from "../../alerts/groups.ts";
import { ruleOptions, telemetryContext } from "../../assembly/wiring.ts";
import { dashboards } from "../../dashboards/index.ts";
import { panelAddress } from "../../dashboards/links.ts";
import type { Settings } from "../../settings.ts";
import { signals } from "../../telemetry/signals.ts";
import type { TempoRole } from "../../telemetry/tempo-roles.ts";
import type { Dashboard } from "./dashboard-json.ts";
import { productOf, settingsOf, type Product } from "./product.ts";

/** Pods that a distributed Tempo of two partitions may have. */
export const wanted: Readonly<Record<TempoRole, number>> = {
  distributor: 3,
  "live-store": 4,
  "block-builder": 2,
  "metrics-generator": 2,
  "query-frontend": 2,
  querier: 2,
  "backend-scheduler": 1,
  "backend-worker": 1,
};

/** What the settings deliver where Tempo has those pods. */
export function distributedProduct(settings: Settings = settingsOf("dev")): Product {
  const one = productOf(settings);
  const options = { ...ruleOptions(settings), roles: wanted };
  const context = {
    ...telemetryContext(settings),
    roles: wanted,
    signals: signals({
      ...options,
      slowRequestSeconds: one.slowRequestSeconds,
      logStream: one.logStream,
      users: false,
    }),
  };
  const made = dashboards(context);
  return {
    ...one,
    signals: context.signals,
    dashboards: made.map(({ json }) => json as unknown as Dashboard),
    rules: ruleGroups(options, {
      panel: panelAddress(made, settings.grafana.url ?? ""),
      runbooks: settings.alerts.runbooks,
    }),
  };
}

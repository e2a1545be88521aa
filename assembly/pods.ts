import { collectorName } from "../components/collector/ports.ts";
import { tempoName } from "../components/tempo/ports.ts";
import { tempoRoles } from "../telemetry/tempo-roles.ts";

/** The setting of what a pod may take, by its name. */
export function resourcesOf(pod: string): string {
  if (pod.startsWith(`${collectorName}-`)) return "collector.resources";
  const role = tempoRoles.find((name) => pod.startsWith(`${tempoName}-${name}-`));
  return role === undefined ? "tempo.resources" : `tempo.roles.${role}`;
}

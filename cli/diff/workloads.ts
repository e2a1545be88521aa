import { collectorName } from "../../components/collector/ports.ts";
import { roles, workloadsOf } from "../../components/tempo/roles.ts";
import { tempoRoles, type TempoRole } from "../../telemetry/tempo-roles.ts";
import type { Finding } from "./report.ts";
import type { KubernetesObject } from "./snapshot.ts";

/** What going means for the collector, by kind, in place of what it means for Tempo. */
const removals: Readonly<Record<string, string>> = {
  StatefulSet:
    "The collectors stop: applications must send to Tempo itself. What waits in their queues stays on their claims.",
  ServiceMonitor:
    "Prometheus no longer scrapes the collectors: the row Collector of Tracing Health stays empty.",
};

const isCollectors = ({ name }: KubernetesObject): boolean =>
  name === collectorName || name.startsWith(`${collectorName}-`);

/** A finding as it is for the collector, where the object is one of its: its pods restart, and not Tempo's. */
function ofCollector(object: KubernetesObject, finding: Finding): Finding {
  if (!isCollectors(object)) return finding;
  const { kind } = object;
  const costs = finding.costs.map((cost) => (cost === "Tempo restarts" ? "collectors restart" : cost));
  const note = noteOf(kind, finding);
  return { ...finding, costs, ...(note && { note }) };
}

function noteOf(kind: string, { action, fields, note }: Finding): string | undefined {
  if (action === "removed" && fields.length === 0) return removals[kind];
  if (fields[0]?.startsWith("spec.volumeClaimTemplates")) {
    return "Claims that are there keep their size, and what waits in them: docs/cluster.md has the way to larger ones.";
  }
  return note;
}

/** The role of a distributed Tempo that a workload runs; none of any other object. */
const roleOf = ({ kind, name }: KubernetesObject): TempoRole | undefined =>
  kind === "Deployment" || kind === "StatefulSet"
    ? tempoRoles.find((role) => workloadsOf(role).some((workload) => workload.name === name))
    : undefined;

/** Whether Tempo runs as its roles. */
export const isDistributed = (objects: readonly KubernetesObject[]): boolean =>
  objects.some((object) => roleOf(object) !== undefined);

/** A finding as it is for a role: its claims go with it, and its partitions are drained before there are fewer. */
function ofRole(object: KubernetesObject, finding: Finding): Finding {
  const role = roleOf(object);
  if (role === undefined) return finding;
  const { action, fields, old, new: next, costs } = finding;
  const atRisk = (note: string): Finding => ({
    ...finding,
    costs: ["data at risk", ...costs.filter((cost) => cost !== "in place")],
    note,
  });
  const isGone = action === "removed" && fields.length === 0;
  if (roles[role].keeps && (isGone || costs.includes("replaced"))) {
    return atRisk("Its volumes are deleted with it: what is in no block yet is in Kafka alone.");
  }
  if (ofPartitions.includes(role) && fields[0] === "spec.replicas" && Number(next) < Number(old)) {
    return atRisk("Partitions that are not drained first make every question fail: docs/scale.md.");
  }
  if (action === "removed" && fields[0] === "spec.replicas") {
    const note = "It falls to 1 until its autoscaler lifts it, within 15 s: docs/scale.md.";
    return { ...finding, costs: ["roles restart"], note };
  }
  return isGone ? { ...finding, note: `This Tempo's ${role} stops.` } : finding;
}

/** The roles of which there is a pod for each partition. */
const ofPartitions: readonly TempoRole[] = ["live-store", "block-builder"];

/**
 * A finding as it is for the workload whose object it is.
 *
 * @param distributed - Whether Tempo is distributed before and after.
 */
export function ofWorkload(object: KubernetesObject, finding: Finding, distributed: boolean): Finding {
  const found = ofRole(object, ofCollector(object, finding));
  if (!distributed) return found;
  return {
    ...found,
    costs: found.costs.map((cost) => (cost === "Tempo restarts" ? "roles restart" : cost)),
  };
}

import { collectorName } from "../../components/collector/ports.ts";
import { tempoName } from "../../components/tempo/ports.ts";
import type { Finding } from "./report.ts";
import type { KubernetesObject } from "./snapshot.ts";

/** What going means for the collector, by kind, in place of what it means for Tempo. */
const removals: Readonly<Record<string, string>> = {
  StatefulSet:
    "The collectors stop, and their queues are deleted with what waits in them: applications must send to Tempo itself.",
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
  const note = finding.action === "removed" ? removals[kind] : finding.note;
  // The claims of its queues go with it (`persistentVolumeClaimRetentionPolicy`).
  const losesQueues = kind === "StatefulSet" && (costs.includes("replaced") || finding.action === "removed");
  return {
    ...finding,
    costs: losesQueues ? ["data at risk", ...costs.filter((cost) => cost !== "data at risk")] : costs,
    ...(note && { note }),
  };
}

/** The StatefulSets of which there is a pod for each partition. */
const ofPartitions = ["live-store", "block-builder"].map((role) => `${tempoName}-${role}`);

/** A finding as it is for partitions, which are drained before there are fewer. */
function ofPartition({ kind, name }: KubernetesObject, finding: Finding): Finding {
  const { fields, old, new: next, costs } = finding;
  const isTheirs = kind === "StatefulSet" && ofPartitions.some((each) => name.startsWith(each));
  if (!isTheirs || fields[0] !== "spec.replicas" || !(Number(next) < Number(old))) return finding;
  return {
    ...finding,
    costs: ["data at risk", ...costs],
    note: "Partitions that are not drained first make every question fail: docs/scale.md.",
  };
}

/** A finding as it is for the workload whose object it is. */
export const ofWorkload = (object: KubernetesObject, finding: Finding): Finding =>
  ofPartition(object, ofCollector(object, finding));

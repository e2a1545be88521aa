import type { Finding } from "./judge.ts";

/** Lets a judge find something of one object, for a reason. */
export interface Exception extends Pick<Finding, "judge" | "rule" | "object"> {
  readonly reason: string;
}

const ofTempo = (rule: string, reason: string): Exception => ({
  judge: "kube-score",
  rule,
  object: "StatefulSet tracing/tempo",
  reason,
});

const burstable =
  "Tempo rests most of the time: what it is promised is what it needs then, and GOMEMLIMIT keeps it below its limit";

/** All that is excepted. One that no environment needs fails. Those of the project's own rules are in `policy/`. */
export const exceptions: readonly Exception[] = [
  ofTempo(
    "container-image-pull-policy",
    "a tag of a release, or a digest, names one image: asking the registry at each start would only make it fail with it",
  ),
  ofTempo("container-resource-requests-equal-limits", burstable),
  ofTempo("container-cpu-requests-equal-limits", burstable),
  ofTempo("container-memory-requests-equal-limits", burstable),
  ofTempo(
    "container-ephemeral-storage-request-equals-limit",
    "nothing is written outside the data volume but logs, which the kubelet rotates",
  ),
];

import type { Finding } from "./judge.ts";

/** Lets a judge find something of one object, for a reason. */
export interface Exception extends Pick<Finding, "judge" | "rule" | "object"> {
  readonly reason: string;
}

const ofTempo = (judge: string, rule: string, reason: string): Exception => ({
  judge,
  rule,
  object: "StatefulSet tracing/tempo",
  reason,
});

const oneImage =
  "a tag of a release, or a digest, names one image: asking the registry at each start would only make it fail with it";

const burstable =
  "Tempo rests most of the time: what it is promised is what it needs then, and GOMEMLIMIT keeps it below its limit";

/** All that is excepted. One that no environment needs fails. Those of the project's own rules are in `policy/`. */
export const exceptions: readonly Exception[] = [
  ofTempo("kube-score", "container-image-pull-policy", oneImage),
  ofTempo("kube-score", "container-resource-requests-equal-limits", burstable),
  ofTempo("kube-score", "container-cpu-requests-equal-limits", burstable),
  ofTempo("kube-score", "container-memory-requests-equal-limits", burstable),
  ofTempo(
    "kube-score",
    "container-ephemeral-storage-request-equals-limit",
    "nothing is written outside the data volume but logs, which the kubelet rotates",
  ),
  ofTempo("checkov", "CKV_K8S_15", oneImage),
  ofTempo(
    "checkov",
    "CKV_K8S_43",
    "an environment without images.requireDigest may name the image by its tag",
  ),
];

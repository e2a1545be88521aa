import { roles, workloadsOf } from "../../components/tempo/roles.ts";
import { tempoRoles } from "../../telemetry/tempo-roles.ts";
import type { Finding } from "./judge.ts";

/** Lets a judge find something of one object, for a reason. */
export interface Exception extends Pick<Finding, "judge" | "rule" | "object"> {
  readonly reason: string;
}

const ofRoles = tempoRoles.flatMap((role) =>
  workloadsOf(role).map(({ name }) => ({
    role,
    kind: roles[role].kind,
    object: `${roles[role].kind} tracing/${name}`,
  })),
);
const workloads = [
  "StatefulSet tracing/tempo",
  "StatefulSet tracing/otel",
  ...ofRoles.map(({ object }) => object),
];

const ofAll = (judge: string, rule: string, reason: string): Exception[] =>
  workloads.map((object) => ({ judge, rule, object, reason }));

const oneImage =
  "a tag of a release, or a digest, names one image: asking the registry at each start would only make it fail with it";

const burstable =
  "all rest most of the time: what they are promised is what they need then, and GOMEMLIMIT keeps them below their limits";

/** All that is excepted. One that no environment needs fails. Those of the project's own rules are in `policy/`. */
export const exceptions: readonly Exception[] = [
  ...ofAll("kube-score", "container-image-pull-policy", oneImage),
  ...ofAll("kube-score", "container-resource-requests-equal-limits", burstable),
  ...ofAll("kube-score", "container-cpu-requests-equal-limits", burstable),
  ...ofAll("kube-score", "container-memory-requests-equal-limits", burstable),
  ...ofAll(
    "kube-score",
    "container-ephemeral-storage-request-equals-limit",
    "nothing is written outside the volumes but logs, which the kubelet rotates, and what a role makes again",
  ),
  ...ofRoles
    // Of the scheduler there is one.
    .filter(({ role }) => role !== "backend-scheduler")
    .map(({ kind, object }) => ({
      judge: "kube-score",
      rule: `${kind.toLowerCase()}-has-host-podantiaffinity`,
      object,
      reason: "the pods of a role spread over nodes, and over zones, by topologySpreadConstraints",
    })),
  ...ofAll("checkov", "CKV_K8S_15", oneImage),
  ...ofAll(
    "checkov",
    "CKV_K8S_43",
    "an environment without images.requireDigest may name the image by its tag",
  ),
  ...ofRoles.map(({ object }) => ({
    judge: "checkov",
    rule: "CKV_K8S_35",
    object,
    reason:
      "Tempo's configuration takes a password from the environment alone, where it is by reference to a Secret",
  })),
];

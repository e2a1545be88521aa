import { grafanaStarts } from "./grafana.ts";
import { declaredHosts } from "./hosts.ts";
import { ownNamespaces } from "./namespaces.ts";
import { declaredFlows, defaultDeny } from "./network.ts";
import { podSecurity } from "./pod-security.ts";
import type { Rule } from "./rule.ts";
import { noPlaceholder, noSecretValue } from "./secrets.ts";
import { annotationSize, objectSize } from "./sizes.ts";
import { imageDigest, noToken, probes, readOnlyRoot, resources } from "./workloads.ts";

/** Every rule that the stack's objects must pass. */
export const rules: readonly Rule[] = [
  podSecurity,
  readOnlyRoot,
  noToken,
  resources,
  probes,
  imageDigest,
  defaultDeny,
  declaredFlows,
  declaredHosts,
  ownNamespaces,
  noSecretValue,
  noPlaceholder,
  grafanaStarts,
  objectSize,
  annotationSize,
];

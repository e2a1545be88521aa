import assert from "node:assert/strict";
import {
  restrictedContainer,
  restrictedNamespace,
  restrictedPod,
} from "../../../components/kubernetes/security.ts";
import { restrictedViolations, type PodSpec } from "./restricted.ts";

const good = {
  securityContext: restrictedPod(10001),
  containers: [{ name: "app", securityContext: restrictedContainer }],
} as PodSpec;

const withContext = (own: object): PodSpec => ({
  ...good,
  containers: [{ name: "app", securityContext: { ...good.containers[0]!.securityContext, ...own } }],
});

const withPodContext = (own: object): PodSpec => ({
  ...good,
  securityContext: { ...good.securityContext, ...own },
});

const bad: readonly (readonly [string, PodSpec])[] = [
  ["hostNetwork", { ...good, hostNetwork: true }],
  ["hostPID", { ...good, hostPID: true }],
  ["hostIPC", { ...good, hostIPC: true }],
  ["volume logs of hostPath", { ...good, volumes: [{ name: "logs", hostPath: { path: "/var/log" } }] }],
  ["app: privileged", withContext({ privileged: true })],
  ["app: allowPrivilegeEscalation", withContext({ allowPrivilegeEscalation: undefined })],
  ["app: capabilities not dropped", withContext({ capabilities: { drop: ["NET_RAW"] } })],
  ["app: capabilities added", withContext({ capabilities: { drop: ["ALL"], add: ["SYS_PTRACE"] } })],
  ["app: runAsNonRoot", withPodContext({ runAsNonRoot: undefined })],
  ["app: runAsNonRoot", withContext({ runAsNonRoot: false })],
  ["app: runAsUser 0", withContext({ runAsUser: 0 })],
  ["app: seccompProfile", withPodContext({ seccompProfile: undefined })],
  ["app: seccompProfile", withContext({ seccompProfile: { type: "Unconfined" } })],
  ["app: hostPort", { ...good, containers: [{ ...good.containers[0]!, ports: [{ hostPort: 80 }] }] }],
  [
    "init: allowPrivilegeEscalation",
    {
      ...good,
      initContainers: [{ name: "init", securityContext: { capabilities: { drop: ["ALL"] } } }],
    },
  ],
];

describe("the restricted pod security standard", () => {
  it("accepts what our security contexts make of a pod", () => {
    assert.deepEqual(restrictedViolations(good), []);
  });

  for (const [what, pod] of bad) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(restrictedViolations(pod), [what]);
    });
  }

  it("is enforced, warned of and audited in our namespace", () => {
    assert.deepEqual(restrictedNamespace, {
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    });
  });
});

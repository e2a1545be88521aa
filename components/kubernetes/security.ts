import type { types } from "@pulumi/kubernetes";

/** Labels that make a namespace refuse every pod that is not restricted. */
export const restrictedNamespace: Readonly<Record<string, string>> = Object.fromEntries(
  ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
);

/** Security context of a pod under the restricted standard; volumes belong to the same id. */
export const restrictedPod = (uid: number): types.input.core.v1.PodSecurityContext => ({
  runAsNonRoot: true,
  runAsUser: uid,
  runAsGroup: uid,
  fsGroup: uid,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
});

/** Security context of a container under the restricted standard, with a read-only root. */
export const restrictedContainer: types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

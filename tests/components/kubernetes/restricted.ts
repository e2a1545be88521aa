/** A pod's specification, as far as the pod security standards look into it. */
export interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly securityContext?: SecurityContext & { readonly sysctls?: readonly unknown[] };
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
}

/** A container of it. */
export interface Container {
  readonly name: string;
  readonly securityContext?: SecurityContext & {
    readonly privileged?: boolean;
    readonly allowPrivilegeEscalation?: boolean;
    readonly procMount?: string;
    readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  };
  readonly ports?: readonly { readonly name?: string; readonly hostPort?: number }[];
}

interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seccompProfile?: { readonly type: string };
  readonly seLinuxOptions?: { readonly type?: string; readonly user?: string; readonly role?: string };
  readonly appArmorProfile?: { readonly type: string };
}

const allowedVolumes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/**
 * What the "restricted" pod security standard refuses of a pod; it contains all of "baseline".
 *
 * Source: kubernetes.io/docs/concepts/security/pod-security-standards.
 */
export function restrictedViolations(pod: PodSpec): string[] {
  const found: string[] = [];
  const refuse = (bad: boolean, what: string) => bad && found.push(what);
  for (const host of ["hostNetwork", "hostPID", "hostIPC"] as const) refuse(pod[host] === true, host);
  refuse((pod.securityContext?.sysctls ?? []).length > 0, "sysctls");
  for (const { name, ...source } of pod.volumes ?? []) {
    const kinds = Object.keys(source);
    refuse(
      kinds.some((kind) => !allowedVolumes.includes(kind)),
      `volume ${String(name)} of ${kinds.join()}`,
    );
  }
  for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
    found.push(
      ...containerViolations(container, pod.securityContext).map((what) => `${container.name}: ${what}`),
    );
  }
  return found;
}

function containerViolations(
  { securityContext: own = {}, ports = [] }: Container,
  ofPod: SecurityContext = {},
) {
  const both: SecurityContext = { ...ofPod, ...own };
  const rules: readonly (readonly [boolean, string])[] = [
    [own.privileged === true, "privileged"],
    [own.allowPrivilegeEscalation !== false, "allowPrivilegeEscalation"],
    [!own.capabilities?.drop?.includes("ALL"), "capabilities not dropped"],
    [(own.capabilities?.add ?? []).some((name) => name !== "NET_BIND_SERVICE"), "capabilities added"],
    [own.procMount !== undefined && own.procMount !== "Default", "procMount"],
    [both.runAsNonRoot !== true, "runAsNonRoot"],
    [both.runAsUser === 0, "runAsUser 0"],
    [!["RuntimeDefault", "Localhost"].includes(both.seccompProfile?.type ?? ""), "seccompProfile"],
    [both.appArmorProfile?.type === "Unconfined", "appArmorProfile"],
    [Boolean(both.seLinuxOptions?.user ?? both.seLinuxOptions?.role), "seLinuxOptions"],
    [ports.some(({ hostPort }) => hostPort !== undefined && hostPort !== 0), "hostPort"],
  ];
  return rules.filter(([bad]) => bad).map(([, what]) => what);
}

import { podOf, type Container, type PodSpec } from "./pods.ts";
import { isTree, ruleOfObjects, tree, trees, type KubernetesObject } from "./rule.ts";

/**
 * The Pod Security Standard "restricted", which contains all of "baseline", field by field
 * (kubernetes.io/docs/concepts/security/pod-security-standards, as of Kubernetes 1.36). Every pod is taken for one of
 * Linux, in the node's user namespace: what the standard relaxes for Windows pods and for `hostUsers: false` is not.
 */
export const podSecurity = ruleOfObjects(
  {
    id: "pod-security",
    severity: "error",
    protects: "the node, and all that runs on it, from what breaks into a pod",
    remedy:
      'Leave the pod as the Pod Security Standard "restricted" wants it, which the namespace enforces: the API server would refuse it.',
  },
  (object, { namespace }) => [
    ...(object.kind === "Namespace" && object.metadata.name === namespace ? namespaceFindings(object) : []),
    ...podFindings(podOf(object)),
  ],
);

function namespaceFindings({ metadata: { labels } }: KubernetesObject): string[] {
  return ["enforce", "audit", "warn"]
    .map((mode) => `pod-security.kubernetes.io/${mode}`)
    .filter((label) => labels?.[label] !== "restricted")
    .map((label) => `label ${label} is not restricted`);
}

function podFindings(pod: PodSpec | undefined): string[] {
  if (!pod) return [];
  const { spec, metadata, containers } = pod;
  const context = tree(spec["securityContext"]);
  return [
    ...["hostNetwork", "hostPID", "hostIPC"]
      .filter((field) => spec[field] === true)
      .map((field) => `${field} is true`),
    ...contextFindings(context),
    ...sysctls(context),
    ...volumes(spec),
    ...apparmorAnnotations(metadata),
    ...containers.flatMap((container) =>
      [
        ...contextFindings(tree(container.spec["securityContext"])),
        ...containerFindings(container, context),
      ].map((found) => `${container.name}: ${found}`),
    ),
  ];
}

/** Fields that a pod and a container both have. */
function contextFindings(context: Tree): string[] {
  const seLinux = tree(context["seLinuxOptions"]);
  return when([
    [tree(context["windowsOptions"])["hostProcess"] === true, "windowsOptions.hostProcess is true"],
    [!among(seLinuxTypes, seLinux["type"]), "seLinuxOptions.type is not one for containers"],
    [isSet(seLinux["user"]), "seLinuxOptions.user is set"],
    [isSet(seLinux["role"]), "seLinuxOptions.role is set"],
    [
      !among(profiles, tree(context["appArmorProfile"])["type"]),
      "appArmorProfile.type is not RuntimeDefault or Localhost",
    ],
    [
      !among(profiles, tree(context["seccompProfile"])["type"]),
      "seccompProfile.type is not RuntimeDefault or Localhost",
    ],
    [context["runAsUser"] === 0, "runAsUser is 0"],
    [context["runAsNonRoot"] === false, "runAsNonRoot is false"],
  ]);
}

function containerFindings({ spec }: Container, ofPod: Tree): string[] {
  const context = tree(spec["securityContext"]);
  const capabilities = tree(context["capabilities"]);
  const inherited = (field: string) => context[field] ?? ofPod[field];
  return [
    ...when([
      [context["privileged"] === true, "privileged is true"],
      [context["allowPrivilegeEscalation"] !== false, "allowPrivilegeEscalation is not false"],
      [!list(capabilities["drop"]).includes("ALL"), "capabilities.drop lacks ALL"],
      [
        list(capabilities["add"]).some((capability) => capability !== "NET_BIND_SERVICE"),
        "capabilities.add has more than NET_BIND_SERVICE",
      ],
      [!among(["Default"], context["procMount"]), "procMount is not Default"],
      [inherited("runAsNonRoot") === undefined, "runAsNonRoot is set neither here nor on the pod"],
      [
        tree(inherited("seccompProfile"))["type"] === undefined,
        "seccompProfile is set neither here nor on the pod",
      ],
      [
        trees(spec["ports"]).some(({ hostPort }) => hostPort !== undefined && hostPort !== 0),
        "hostPort is set",
      ],
    ]),
    ...hostsOfHandlers(spec),
  ];
}

/** Since Kubernetes 1.34, a probe or hook may name no host: it would make the kubelet ask what the pod may not. */
function hostsOfHandlers(container: Tree): string[] {
  const lifecycle = tree(container["lifecycle"]);
  const handlers = {
    livenessProbe: container["livenessProbe"],
    readinessProbe: container["readinessProbe"],
    startupProbe: container["startupProbe"],
    "lifecycle.postStart": lifecycle["postStart"],
    "lifecycle.preStop": lifecycle["preStop"],
  };
  return Object.entries(handlers).flatMap(([where, handler]) =>
    ["httpGet", "tcpSocket"]
      .filter((kind) => isSet(tree(tree(handler)[kind])["host"]))
      .map((kind) => `${where}.${kind}.host is set`),
  );
}

const volumes = (pod: Tree): string[] =>
  trees(pod["volumes"]).flatMap(({ name, ...sources }) =>
    Object.keys(sources)
      .filter((kind) => isTree(sources[kind]) && !volumeKinds.includes(kind))
      .map((kind) => `volume ${String(name)} is a ${kind}`),
  );

const sysctls = (context: Tree): string[] =>
  trees(context["sysctls"])
    .map(({ name }) => String(name))
    .filter((name) => !safeSysctls.includes(name))
    .map((name) => `sysctl ${name} is set`);

/** The form before `appArmorProfile` (Kubernetes 1.30). */
const apparmorAnnotations = (metadata: Tree): string[] =>
  Object.entries(tree(metadata["annotations"]))
    .filter(([key]) => key.startsWith("container.apparmor.security.beta.kubernetes.io/"))
    .filter(([, profile]) => !/^(runtime\/default|localhost\/.*|)$/.test(String(profile)))
    .map(([key]) => `annotation ${key} is not runtime/default or localhost/…`);

type Tree = Readonly<Record<string, unknown>>;

const profiles = ["RuntimeDefault", "Localhost"];
const seLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

const volumeKinds = [
  ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected"],
  "secret",
];

const safeSysctls = [
  "kernel.shm_rmid_forced",
  ...["ip_local_port_range", "ip_unprivileged_port_start", "tcp_syncookies", "ping_group_range"].map(ipv4),
  ...["ip_local_reserved_ports", "tcp_keepalive_time", "tcp_fin_timeout"].map(ipv4),
  ...["tcp_keepalive_intvl", "tcp_keepalive_probes"].map(ipv4),
];

function ipv4(name: string): string {
  return `net.ipv4.${name}`;
}

/** Whether a field is left out or has one of these values. */
const among = (allowed: readonly string[], value: unknown): boolean =>
  value === undefined || value === null || allowed.includes(value as string);

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const when = (found: readonly (readonly [boolean, string])[]): string[] =>
  found.filter(([is]) => is).map(([, what]) => what);

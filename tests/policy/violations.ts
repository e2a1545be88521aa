import type { Context } from "../../policy/context.ts";
import type { KubernetesObject } from "../../policy/rule.ts";
import { at, changed, containerIn, podIn, type Loose } from "./objects.ts";

/** A change of the rendered objects, and the one complaint that it must make. */
export interface Violation {
  readonly rule: string;
  readonly what: string;
  readonly change: (objects: readonly KubernetesObject[]) => readonly KubernetesObject[];
  readonly context?: Partial<Context>;
  readonly says: RegExp;
}

type Change = (part: Loose) => void;
type Row = readonly [what: string, change: Change, says: RegExp, context?: Partial<Context>];

/** Violations of a rule, each by a change of the first object of a kind. */
const of = (rule: string, kind: string, rows: readonly Row[]): Violation[] =>
  rows.map(([what, change, says, context]) => ({
    rule,
    what,
    change: (objects) => changed(objects, kind, change),
    says,
    context,
  }));

/** By a change of Tempo's pod, of its container, or of a container that is added to it. */
const ofPod = (rule: string, rows: readonly Row[]): Violation[] =>
  of(
    rule,
    "StatefulSet",
    rows.map(([what, change, ...rest]): Row => [what, (object) => change(podIn(object)), ...rest]),
  );

const ofContainer = (rule: string, rows: readonly Row[]): Violation[] =>
  of(
    rule,
    "StatefulSet",
    rows.map(([what, change, ...rest]): Row => [what, (object) => change(containerIn(object)), ...rest]),
  );

const set =
  (value: unknown, ...path: (string | number)[]): Change =>
  (part) => {
    at(part, ...path.slice(0, -1))[path.at(-1)!] = value;
  };

const unset =
  (...path: (string | number)[]): Change =>
  (part) => {
    delete at(part, ...path.slice(0, -1))[path.at(-1)!];
  };

/** Adds a container beside Tempo's, like it but for a change. */
const beside =
  (list: "initContainers" | "ephemeralContainers", change: Change): Change =>
  (pod) => {
    const container = structuredClone((pod["containers"] as Loose[])[0]!);
    container["name"] = "other";
    change(container);
    pod[list] = [container];
  };

const context = (...path: string[]) => ["securityContext", ...path];

const podSecurity: Violation[] = [
  ...of("pod-security", "Namespace", [
    [
      "a namespace that does not enforce it",
      unset("metadata", "labels", "pod-security.kubernetes.io/enforce"),
      /Namespace tracing: label pod-security.kubernetes.io\/enforce is not restricted/,
    ],
    [
      "a namespace that warns of less",
      set("baseline", "metadata", "labels", "pod-security.kubernetes.io/warn"),
      /warn is not restricted/,
    ],
  ]),
  ...of("pod-security", "StatefulSet", [
    [
      "an AppArmor annotation",
      set(
        "unconfined",
        "spec",
        "template",
        "metadata",
        "annotations",
        "container.apparmor.security.beta.kubernetes.io/tempo",
      ),
      /beta.kubernetes.io\/tempo is not runtime\/default/,
    ],
  ]),
  ...ofPod("pod-security", [
    ["the host's network", set(true, "hostNetwork"), /hostNetwork is true/],
    ["the host's processes", set(true, "hostPID"), /hostPID is true/],
    ["the host's IPC", set(true, "hostIPC"), /hostIPC is true/],
    ["a Windows host process", set(true, ...context("windowsOptions", "hostProcess")), /hostProcess is true/],
    [
      "a volume of the host",
      set([{ name: "logs", hostPath: { path: "/var/log" } }], "volumes"),
      /volume logs is a hostPath/,
    ],
    [
      "a volume of NFS",
      set([{ name: "logs", nfs: { server: "x", path: "/" } }], "volumes"),
      /volume logs is a nfs/,
    ],
    [
      "an unsafe sysctl",
      set([{ name: "kernel.msgmax", value: "1" }], ...context("sysctls")),
      /sysctl kernel.msgmax/,
    ],
    ["an SELinux type", set("spc_t", ...context("seLinuxOptions", "type")), /seLinuxOptions.type/],
    ["an SELinux user", set("root", ...context("seLinuxOptions", "user")), /seLinuxOptions.user is set/],
    ["an SELinux role", set("sysadm_r", ...context("seLinuxOptions", "role")), /seLinuxOptions.role is set/],
    ["no AppArmor", set("Unconfined", ...context("appArmorProfile", "type")), /appArmorProfile.type/],
    ["no seccomp", set("Unconfined", ...context("seccompProfile", "type")), /seccompProfile.type/],
    [
      "seccomp left out",
      unset(...context("seccompProfile")),
      /container tempo: seccompProfile is set neither/,
    ],
    ["root", set(0, ...context("runAsUser")), /runAsUser is 0/],
    ["root not refused", unset(...context("runAsNonRoot")), /container tempo: runAsNonRoot is set neither/],
    ["root allowed", set(false, ...context("runAsNonRoot")), /: runAsNonRoot is false/],
    [
      "a privileged init container",
      beside("initContainers", set(true, ...context("privileged"))),
      /init container other: privileged is true/,
    ],
    [
      "an ephemeral container that may gain rights",
      beside("ephemeralContainers", unset(...context("allowPrivilegeEscalation"))),
      /ephemeral container other: allowPrivilegeEscalation is not false/,
    ],
  ]),
  ...ofContainer("pod-security", [
    ["a privileged container", set(true, ...context("privileged")), /privileged is true/],
    [
      "one that may gain rights",
      set(true, ...context("allowPrivilegeEscalation")),
      /allowPrivilegeEscalation/,
    ],
    ["capabilities kept", set(["NET_RAW"], ...context("capabilities", "drop")), /drop lacks ALL/],
    [
      "capabilities added",
      set(["NET_BIND_SERVICE", "SYS_PTRACE"], ...context("capabilities", "add")),
      /add has more than NET_BIND_SERVICE/,
    ],
    ["an unmasked /proc", set("Unmasked", ...context("procMount")), /procMount is not Default/],
    ["root, in the container alone", set(0, ...context("runAsUser")), /container tempo: runAsUser is 0/],
    [
      "root allowed, in the container alone",
      set(false, ...context("runAsNonRoot")),
      /container tempo: runAsNonRoot is false/,
    ],
    [
      "no seccomp, in the container alone",
      set("Unconfined", ...context("seccompProfile", "type")),
      /seccompProfile.type/,
    ],
    [
      "a host process, in the container alone",
      set(true, ...context("windowsOptions", "hostProcess")),
      /hostProcess/,
    ],
    ["a port of the host", set(80, "ports", 0, "hostPort"), /hostPort is set/],
    [
      "a hook that asks a host",
      set({ tcpSocket: { host: "localhost", port: 1 } }, "lifecycle", "preStop"),
      /preStop.tcpSocket.host/,
    ],
    [
      "a probe that asks a host",
      set("127.0.0.1", "readinessProbe", "httpGet", "host"),
      /readinessProbe.httpGet.host is set/,
    ],
  ]),
];

const pods: Violation[] = [
  ...ofContainer("read-only-root", [
    [
      "a root that is written to",
      set(false, ...context("readOnlyRootFilesystem")),
      /readOnlyRootFilesystem is not true/,
    ],
    [
      "a root that is not said to be read only",
      unset(...context("readOnlyRootFilesystem")),
      /readOnlyRootFilesystem/,
    ],
  ]),
  ...of("no-token", "ServiceAccount", [
    [
      "an account with a token",
      unset("automountServiceAccountToken"),
      /ServiceAccount tracing\/tempo: automount/,
    ],
  ]),
  ...ofPod("no-token", [
    [
      "a pod with a token",
      set(true, "automountServiceAccountToken"),
      /StatefulSet tracing\/tempo: automount/,
    ],
    ["the account that all share", unset("serviceAccountName"), /runs as the account default/],
    [
      "a token in a volume",
      set(
        [{ name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }],
        "volumes",
      ),
      /volume token has a token/,
    ],
  ]),
  ...["requests", "limits"].flatMap((kind) =>
    ofContainer(
      "resources",
      ["cpu", "memory", "ephemeral-storage"].map((name): Row => [
        `no ${kind} of ${name}`,
        unset("resources", kind, name),
        new RegExp(`no resources.${kind} of ${name}`),
      ]),
    ),
  ),
  ...ofContainer("resources", [
    ["a limit of nothing", set("0", "resources", "limits", "cpu"), /no resources.limits of cpu/],
  ]),
  ...ofPod("resources", [
    [
      "an init container without",
      beside("initContainers", unset("resources", "limits", "memory")),
      /init container other: no resources.limits of memory/,
    ],
  ]),
  ...["startupProbe", "readinessProbe", "livenessProbe"].flatMap((probe) =>
    ofContainer("probes", [[`no ${probe}`, unset(probe), new RegExp(`no ${probe}`)]]),
  ),
  ...ofContainer("probes", [
    [
      "a liveness probe that is the readiness probe",
      (container) => {
        container["readinessProbe"] = { ...(container["livenessProbe"] as Loose), periodSeconds: 5 };
      },
      /livenessProbe asks the same as readinessProbe/,
    ],
  ]),
  ...ofPod("probes", [
    [
      "a sidecar without",
      beside("initContainers", (container) => {
        container["restartPolicy"] = "Always";
        delete container["livenessProbe"];
      }),
      /init container other: no livenessProbe/,
    ],
  ]),
  ...ofContainer("image-digest", [
    ["no tag", set("docker.io/grafana/tempo", "image"), /has no fixed tag/],
    ["the tag latest", set("docker.io/grafana/tempo:latest", "image"), /has no fixed tag/],
    [
      "a tag where a digest is demanded",
      set("docker.io/grafana/tempo:3.0.3", "image"),
      /image docker.io\/grafana\/tempo:3.0.3 has no digest, which images.requireDigest demands; `crane digest docker.io\/grafana\/tempo:3.0.3` prints it/,
      { digestsDemanded: true },
    ],
    [
      "half a digest",
      set("docker.io/grafana/tempo:3.0.3@sha256:abc", "image"),
      /has no digest/,
      { digestsDemanded: true },
    ],
  ]),
];

const isDenial = ({ metadata: { name } }: KubernetesObject): boolean => name === "deny-all";

const withoutDenial = (objects: readonly KubernetesObject[]) => objects.filter((object) => !isDenial(object));

/** The policy of Tempo, changed. */
const ofPolicy = (rows: readonly Row[]): Violation[] =>
  rows.map(([what, change, says]) => ({
    rule: "declared-flows",
    what,
    change: (objects) => [
      ...objects.filter(isDenial),
      ...changed(withoutDenial(objects), "NetworkPolicy", change),
    ],
    says,
  }));

const ingress = (...path: (string | number)[]) => ["spec", "ingress", ...path];

const network: Violation[] = [
  {
    rule: "default-deny",
    what: "no denial",
    change: withoutDenial,
    says: /Namespace tracing: no NetworkPolicy in it denies/,
  },
  ...of("default-deny", "NetworkPolicy", [
    [
      "a denial of one way",
      set(["Ingress"], "spec", "policyTypes"),
      /no NetworkPolicy in it denies all pods all traffic/,
    ],
    [
      "a denial for some pods",
      set({ matchLabels: { app: "x" } }, "spec", "podSelector"),
      /no NetworkPolicy in it/,
    ],
  ]),
  {
    rule: "default-deny",
    what: "a pod that no policy selects, in a namespace of another's",
    change: (objects) =>
      withoutDenial(objects).filter(
        ({ kind, metadata: { name } }) =>
          !["Namespace", "NetworkPolicy"].includes(kind) && !(kind === "StatefulSet" && name === "otel"),
      ),
    context: { createsNamespace: false, flows: new Set() },
    says: /StatefulSet tracing\/tempo: no NetworkPolicy selects its pods/,
  },
  ...ofPolicy([
    [
      "an edge to nobody in particular",
      (policy) => {
        (at(policy, "spec")["egress"] as unknown[]).push({});
      },
      /allows what no setting declares: tempo: out to everywhere, any port/,
    ],
    [
      "an edge on every port",
      (policy) => {
        const rules = at(policy, "spec")["egress"] as Loose[];
        rules.push({ to: rules.at(-1)!["to"] });
      },
      /allows what no setting declares: tempo: out to .*, any port/,
    ],
    [
      "an edge to all addresses but some",
      (policy) => {
        (at(policy, "spec")["egress"] as unknown[]).push({
          to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }],
          ports: [{ protocol: "TCP", port: 443 }],
        });
      },
      /declares: tempo: out to addresses 0\.0\.0\.0\/0 but 10\.0\.0\.0\/8, TCP 443/,
    ],
    [
      "an edge from another namespace",
      (policy) => {
        (at(policy, "spec")["ingress"] as unknown[]).push({
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "other" } } }],
          ports: [{ protocol: "TCP", port: 3200 }],
        });
      },
      /declares: tempo: in from namespace other, TCP 3200/,
    ],
    [
      "a flow that is missing",
      (policy) => {
        (at(policy, ...ingress(0))["ports"] as unknown[]).pop();
      },
      /does not allow what settings declare: tempo: in from namespace tracing .*, TCP 4318/,
    ],
  ]),
];

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const hosts: Violation[] = [
  ...ofContainer("declared-hosts", [
    [
      "an image of another registry",
      set("evil.example/grafana/tempo:3.0.3", "image"),
      /image evil.example\/grafana\/tempo:3.0.3 is neither/,
    ],
    [
      "an image of another repository",
      set("docker.io/other/tempo:3.0.3", "image"),
      /is neither in the image table nor a setting/,
    ],
    [
      "an image that comes past the mirror",
      () => {},
      /image docker.io\/grafana\/tempo:3.0.3 is neither/,
      {
        repositories: new Set([
          "registry.example.org/mirror/grafana/tempo",
          "otel/opentelemetry-collector-contrib",
        ]),
      },
    ],
    [
      "a URL in an argument",
      (container) => (container["args"] as string[]).push("-url=https://telemetry.example.org/x"),
      /spec.template.spec.containers.0.args.3 has the host telemetry.example.org/,
    ],
    [
      "a host and port in an argument",
      (container) => (container["args"] as string[]).push("stats.example.org:443"),
      /has the host stats.example.org/,
    ],
  ]),
  ...of("declared-hosts", "Service", [
    [
      "a name outside",
      set("example.org", "spec", "externalName"),
      /Service tracing\/tempo.*: spec.externalName has the host example.org/,
    ],
  ]),
  ...of("declared-hosts", "Secret", [
    [
      "a URL in a data source",
      (secret) => {
        const files = at(secret, "stringData");
        const [[file, text]] = Object.entries(files) as [[string, string]];
        files[file] = text.replace("http://openobserve.openobserve.svc:5080", "https://logs.example.org");
      },
      /has the host logs.example.org/,
    ],
  ]),
  ...of("declared-hosts", "ConfigMap", [
    [
      "a URL in base64",
      set(base64("https://logs.example.org/x"), "binaryData", "other"),
      /binaryData.other has the host logs.example.org/,
    ],
    [
      "a script in a dashboard",
      set("<script src='//cdn.example.org/x.js'>", "data", "other"),
      /has the host cdn.example.org/,
    ],
    [
      "an encoded URL",
      set("https%3A%2F%2Flogs.example.org%2F", "data", "other"),
      /has the host logs.example.org/,
    ],
    [
      "a URL as JSON may have it",
      set('"http:\\/\\/logs.example.org\\/"', "data", "other"),
      /has the host logs.example.org/,
    ],
  ]),
];

const namespaces: Violation[] = [
  ...["kube-system", "default"].map((name): Violation => ({
    rule: "own-namespaces",
    what: `the namespace ${name}`,
    change: (objects) => [...objects, { kind: "Namespace", metadata: { name } }],
    says: new RegExp(`Namespace ${name}: takes over a namespace of Kubernetes itself`),
  })),
  {
    rule: "own-namespaces",
    what: "the namespace of another",
    change: (objects) => [...objects, { kind: "Namespace", metadata: { name: "monitoring" } }],
    says: /Namespace monitoring: takes over a namespace that is not the stack's own/,
  },
  {
    rule: "own-namespaces",
    what: "its own namespace, when settings say that it is the applications' too",
    change: (objects) => objects,
    context: { foreignNamespaces: ["tracing"] },
    says: /Namespace tracing: takes over a namespace that settings say is another's/,
  },
  ...of("own-namespaces", "Service", [
    [
      "an object in another's namespace",
      set("monitoring", "metadata", "namespace"),
      /is put into the namespace monitoring/,
    ],
    ["an object without a namespace", unset("metadata", "namespace"), /has no namespace/],
  ]),
];

const env =
  (name: string, value: string): Change =>
  (container) => {
    (container["env"] as unknown[]).push({ name, value });
  };

const secrets: Violation[] = [
  ...ofContainer("no-secret-value", [
    ...[
      "DB_PASSWORD",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_ACCESS_KEY_ID",
      "API_KEYS",
      "PGPASS",
      "MY_PWD",
      "JWT",
      "authToken",
      "SECRETS",
    ].map((name): Row => [
      `a variable ${name}`,
      env(name, "hunter2"),
      new RegExp(`container tempo: variable ${name} has its value here`),
    ]),
    [
      "an option",
      (container) => (container["args"] as string[]).push("--db.password=hunter2"),
      /option db.password has its value here/,
    ],
    [
      "an option before its value",
      (container) => (container["args"] as string[]).push("--token", "hunter2"),
      /option token has its value here/,
    ],
    [
      "a password in a URL",
      env("STORE", "amqp://admin:hunter2@tempo.tracing.svc/x"),
      /value has an address with a password/,
    ],
    [
      "a password in a data source name",
      env("STORE", "root:hunter2@tcp(db)/x"),
      /value has an address with a password/,
    ],
  ]),
  ...of("no-secret-value", "ConfigMap", [
    [
      "a key of a file",
      set("server:\n  basic_auth:\n    password: hunter2\n", "data", "other.yaml"),
      /data.other.yaml: server.basic_auth.password has its value here/,
    ],
    [
      "a key of a file of JSON",
      set('{"a":[{"apiKey":"hunter2"}]}', "data", "other.json"),
      /a.0.apiKey has its value here/,
    ],
    ["a file named like one", set("hunter2", "data", "password"), /data.password has a secret's name/],
    [
      "a file of binaryData",
      set(base64("password: hunter2"), "binaryData", "other"),
      /binaryData.other: password has its value here/,
    ],
    [
      "a secret in base64",
      set(`x ${base64('{"password":"hunter2"}')}`, "data", "other"),
      /data.other has a secret in base64/,
    ],
    [
      "an address in base64",
      set(base64("http://admin:hunter2@tempo.tracing.svc"), "data", "other"),
      /has an address with a password in base64/,
    ],
    ["a key in a query", set("/api?api_key=hunter2", "data", "other"), /has an address with a key/],
    ["a private key", set("-----BEGIN RSA PRIVATE KEY-----", "data", "other"), /has a private key/],
    ["a bearer", set("Authorize: Bearer abcdefgh12345", "data", "other"), /has a token/],
    ["a JWT", set("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefgh-ijk", "data", "other"), /has a token/],
    ["an access key of AWS", set("AKIAIOSFODNN7EXAMPLE", "data", "other"), /has an access key/],
    [
      "an annotation",
      set("hunter2", "metadata", "annotations", "example.org/password"),
      /annotation example.org\/password/,
    ],
  ]),
];

const others: Violation[] = [
  ...of("no-placeholder", "Secret", [
    [
      "a placeholder",
      inDatasources(/basicAuthPassword: .*/, 'basicAuthPassword: "[secret]"'),
      /stringData.llm-tracing-datasources.yaml has \[secret\] in place/,
    ],
    [
      "a placeholder in base64, as Secrets have it",
      (secret) => {
        inDatasources(/basicAuthPassword: .*/, 'basicAuthPassword: "[secret]"')(secret);
        const [[file, text]] = Object.entries(at(secret, "stringData")) as [[string, string]];
        secret["data"] = { [file]: base64(text) };
        delete secret["stringData"];
      },
      /data.llm-tracing-datasources.yaml has \[secret\] in place of a secret/,
    ],
  ]),
  ...of("no-placeholder", "Service", [
    ["a status", set({ loadBalancer: {} }, "status"), /status is the server's/],
    [
      "a version of the server's",
      set("12", "metadata", "resourceVersion"),
      /metadata.resourceVersion is the server's/,
    ],
  ]),
  ...of("grafana-starts", "Secret", [
    ["what is no YAML", inDatasources(/^/, "{"), /is no provisioning file/],
    [
      "a correlation without a label",
      inDatasources(/- label: Logs for this span\n */, "- "),
      /correlation "without a label" of "Tempo" has no label/,
    ],
    [
      "a correlation without a description",
      inDatasources(/description: Logs in OpenObserve of the.*\n */, ""),
      /has no description/,
    ],
    [
      "a correlation to nothing",
      inDatasources("targetUID: llm-tracing-openobserve", "targetUID: loki"),
      /has the target "loki"/,
    ],
    [
      "a correlation to nothing, of no type",
      inDatasources(/type: query\n *targetUID: llm-tracing-openobserve/, "targetUID: loki"),
      /has the target "loki"/,
    ],
    [
      "one uid twice",
      inDatasources(/$/, `\n  - {name: x, type: x, uid: llm-tracing-tempo}\n`),
      /two data sources have the uid "llm-tracing-tempo"/,
    ],
    ["a default", inDatasources("isDefault: false", "isDefault: true"), /a data source is the default/],
    [
      "a long uid",
      inDatasources(/$/, `\n  - {name: x, type: x, uid: ${"x".repeat(41)}}\n`),
      /a uid is not of 1 to 40 letters/,
    ],
    ["no type", inDatasources(/$/, `\n  - {name: x, uid: x}\n`), /a data source has no type/],
    ["another access", inDatasources("access: proxy", "access: direct"), /access is not proxy/],
  ]),
  ...of("object-size", "ConfigMap", [
    ["1 MiB", set("x".repeat(1_048_576), "data", "other"), /has 1\d{6} bytes, which is not less than 1 MiB/],
  ]),
  ...of("annotation-size", "ConfigMap", [
    [
      "what kubectl would note, with its escapes",
      set("<".repeat(30_000), "data", "other"),
      /annotations would have \d+ bytes with kubectl's own/,
    ],
  ]),
];

/** A change of the text of the data sources' file. */
function inDatasources(part: string | RegExp, by: string): Change {
  return (secret) => {
    const files = at(secret, "stringData");
    const [[file, text]] = Object.entries(files) as [[string, string]];
    files[file] = text.replace(part, by);
  };
}

/** For each rule, what it must find. */
export const violations: readonly Violation[] = [
  ...podSecurity,
  ...pods,
  ...network,
  ...hosts,
  ...namespaces,
  ...secrets,
  ...others,
];

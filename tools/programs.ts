/**
 * The programs that run outside Node: what they are for, what makes one on PATH good enough, how to build one.
 *
 * All of this list are Go programs published as modules, pinned by `go.mod` and `go.sum` in a folder here. Modules are kept apart
 * where their dependencies conflict.
 */

/**
 * A program as it is called on the command line; the kinds of the Prometheus operator, a folder of YAML files; and Kafka, a
 * folder of jars.
 */
export type ProgramName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kwok"
  | "pulumi"
  | "pulumi-resource-kubernetes"
  | "tempo"
  | "otelcol-contrib"
  | "versitygw"
  | "kafka"
  | "kubeconform"
  | "kube-score"
  | "prometheus"
  | "prometheus-operator-crds";

/** A pinned program. */
export interface Program {
  name: ProgramName;
  /** What it does for us, as a phrase. */
  purpose: string;
  /** What is built when PATH has no usable one. */
  version: string;
  /**
   * How a copy on PATH is asked for its version, and the range of those that will do; absent when it cannot be asked.
   */
  recognise?: { arguments: readonly string[]; usable: string };
  /** Folder under `tools/` with `go.mod` and `go.sum`. */
  module: string;
  /** The Go package of its `main`. */
  package: string;
  /** Added to the flags that all builds share. */
  flags: readonly string[];
  /** Usual minutes of a cold build on two cores. */
  usualMinutes: number;
}

const kubernetesVersion = "v1.36.3";
const pulumiVersion = "v3.259.0";
/** Of the provider that is built here. */
export const kubernetesProviderVersion = "4.25.0";
const tempoVersion = "2.8.0-rc";
const collectorVersion = "v0.159.0";
const versitygwVersion = "v1.8.0";
const kubeconformVersion = "v0.8.0";
const kubeScoreVersion = "v1.20.0";

/** Every program that is built, in that order: quick ones first. */
export const programs: readonly Program[] = [
  {
    name: "etcd",
    purpose: "the control plane's database",
    version: "v3.6.14",
    recognise: { arguments: ["--version"], usable: "^3.5" },
    module: "etcd",
    package: "go.etcd.io/etcd/server/v3",
    flags: [...linkerFlags()],
    usualMinutes: 0.7,
  },
  kubernetesProgram("kube-apiserver", "the Kubernetes API", 4),
  kubernetesProgram("kube-controller-manager", "StatefulSets, namespaces and volume claims", 1.2),
  kubernetesProgram("kube-scheduler", "puts pods on the sandbox's node", 0.2),
  {
    name: "kwok",
    purpose: "plays the node: pods become ready without containers",
    version: "v0.8.0",
    recognise: { arguments: ["--version"], usable: ">=0.8 <1" },
    module: "kwok",
    package: "sigs.k8s.io/kwok/cmd/kwok",
    flags: [...linkerFlags()],
    usualMinutes: 2,
  },
  {
    name: "pulumi",
    purpose: "the Pulumi engine",
    version: pulumiVersion,
    recognise: { arguments: ["version"], usable: "^3.220" },
    module: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    flags: [
      "-tags=osusergo,grpcnotrace",
      // Without a version of its own the Automation API refuses the program.
      ...linkerFlags(["github.com/pulumi/pulumi/sdk/v3/go/common/version.Version", pulumiVersion]),
    ],
    usualMinutes: 4.5,
  },
  {
    name: "pulumi-resource-kubernetes",
    purpose: "Pulumi's Kubernetes provider",
    version: kubernetesProviderVersion,
    module: "kubernetes-provider",
    package: ".",
    flags: [
      // The generated SDK only registers types; optimising it takes minutes and 2.8 GB of memory, and gains nothing.
      "-gcflags=github.com/pulumi/pulumi-kubernetes/sdk/v4/...=-N -l",
      ...linkerFlags([
        "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version",
        kubernetesProviderVersion,
      ]),
    ],
    usualMinutes: 6,
  },
  {
    name: "tempo",
    purpose: "stores the sandbox's traces and makes metrics of them",
    version: tempoVersion,
    recognise: { arguments: ["--version"], usable: ">=2.8 <4" },
    module: "tempo",
    package: "github.com/grafana/tempo/cmd/tempo",
    flags: [...linkerFlags(["main.Version", tempoVersion])],
    usualMinutes: 5,
  },
  {
    name: "otelcol-contrib",
    purpose: "the collector that applications send to",
    version: collectorVersion,
    recognise: { arguments: ["--version"], usable: "~0.159" },
    module: "collector",
    package: ".",
    flags: [...linkerFlags(["main.version", collectorVersion.slice(1)])],
    usualMinutes: 3,
  },
  {
    name: "versitygw",
    purpose: "the object storage of a distributed Tempo",
    version: versitygwVersion,
    recognise: { arguments: ["--version"], usable: "^1.8" },
    module: "versitygw",
    package: "github.com/versity/versitygw/cmd/versitygw",
    flags: [...linkerFlags(["main.Version", versitygwVersion])],
    usualMinutes: 1,
  },
  {
    name: "kubeconform",
    purpose: "judges objects by the schemas of the Kubernetes API",
    version: kubeconformVersion,
    recognise: { arguments: ["-v"], usable: ">=0.7" },
    module: "kubeconform",
    package: "github.com/yannh/kubeconform/cmd/kubeconform",
    flags: [...linkerFlags(["main.version", kubeconformVersion])],
    usualMinutes: 0.2,
  },
  {
    name: "kube-score",
    purpose: "judges objects by what is usual for running them well",
    version: kubeScoreVersion,
    recognise: { arguments: ["version"], usable: ">=1.19" },
    module: "kube-score",
    package: "github.com/zegl/kube-score/cmd/kube-score",
    flags: [...linkerFlags(["main.version", kubeScoreVersion])],
    usualMinutes: 1,
  },
];

/** The program of that name. */
export function programNamed(name: ProgramName): Program {
  return programs.find((program) => program.name === name)!;
}

function kubernetesProgram(
  name: "kube-apiserver" | "kube-controller-manager" | "kube-scheduler",
  purpose: string,
  usualMinutes: number,
): Program {
  const [major, minor] = kubernetesVersion.slice(1).split(".");
  return {
    name,
    purpose,
    version: kubernetesVersion,
    recognise: { arguments: ["--version"], usable: "^1.31" },
    module: "kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
    flags: linkerFlags(
      ["k8s.io/component-base/version.gitVersion", kubernetesVersion],
      ["k8s.io/component-base/version.gitMajor", major!],
      ["k8s.io/component-base/version.gitMinor", minor!],
    ),
    usualMinutes,
  };
}

/** Leaves out debugging tables, and sets variables of packages. */
function linkerFlags(...variables: readonly (readonly [name: string, value: string])[]): readonly string[] {
  return [`-ldflags=${["-s", "-w", ...variables.map(([name, value]) => `-X ${name}=${value}`)].join(" ")}`];
}

import { isTree, tree, trees, type KubernetesObject } from "./rule.ts";

type Tree = Readonly<Record<string, unknown>>;

/** A pod's specification, wherever in an object it stands. */
export interface PodSpec {
  readonly metadata: Tree;
  readonly spec: Tree;
  readonly containers: readonly Container[];
  /** Whether the pod runs on, rather than end by itself. */
  readonly staysUp: boolean;
}

/** A container of a pod. */
export interface Container {
  /** Its name, with the word `init` or `ephemeral` before it where it is one. */
  readonly name: string;
  readonly spec: Tree;
  /** Whether it runs as long as the pod: not an init container that ends, not one for debugging. */
  readonly staysUp: boolean;
  readonly isEphemeral: boolean;
}

/** The pod that an object is or makes; none where it makes no pod. */
export function podOf(object: KubernetesObject): PodSpec | undefined {
  const template = templateOf(object);
  if (!isTree(template?.["spec"])) return undefined;
  const { spec, metadata } = template as { spec: Tree; metadata?: unknown };
  return {
    metadata: tree(metadata),
    spec,
    containers: containersOf(spec),
    staysUp: !["Job", "CronJob"].includes(object.kind),
  };
}

function templateOf(object: KubernetesObject): Tree | undefined {
  if (object.kind === "Pod") return object;
  if (object.kind === "PodTemplate") return tree(object["template"]);
  const spec = tree(object["spec"]);
  return tree(
    object.kind === "CronJob" ? tree(tree(spec["jobTemplate"])["spec"])["template"] : spec["template"],
  );
}

const containersOf = (pod: Tree): Container[] => [
  ...trees(pod["initContainers"]).map((spec) => ({
    name: `init container ${String(spec["name"])}`,
    spec,
    // A sidecar, since Kubernetes 1.29.
    staysUp: spec["restartPolicy"] === "Always",
    isEphemeral: false,
  })),
  ...trees(pod["containers"]).map((spec) => ({
    name: `container ${String(spec["name"])}`,
    spec,
    staysUp: true,
    isEphemeral: false,
  })),
  ...trees(pod["ephemeralContainers"]).map((spec) => ({
    name: `ephemeral container ${String(spec["name"])}`,
    spec,
    staysUp: false,
    isEphemeral: true,
  })),
];

/** Findings of a rule about containers, each with the container's name before it. */
export const ofContainers = (
  object: KubernetesObject,
  check: (container: Container, pod: PodSpec) => string[],
): string[] => {
  const pod = podOf(object);
  return (pod?.containers ?? []).flatMap((container) =>
    check(container, pod!).map((found) => `${container.name}: ${found}`),
  );
};

import { worstFirst, type Cost } from "./report.ts";
import type { FieldChange } from "./compare.ts";
import { bytes } from "./quantity.ts";

/**
 * Fields that cannot be changed: Pulumi replaces the object. After pulumi-kubernetes `provider/pkg/provider/diff.go`;
 * a ConfigMap's and a Secret's content is not among them, since the stack's provider has `enableConfigMapMutable` and
 * `enableSecretMutable`, unless the object says `immutable: true`.
 */
const immutable: Readonly<Record<string, readonly string[]>> = {
  Secret: ["type"],
  StatefulSet: [
    "spec.selector",
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  Deployment: ["spec.selector"],
  PersistentVolumeClaim: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  Service: ["spec.clusterIP"],
  Job: ["spec.template", "spec.selector"],
  PodDisruptionBudget: ["spec"],
  RoleBinding: ["roleRef"],
  ClusterRoleBinding: ["roleRef"],
};
const content = ["data", "binaryData", "stringData"];

/** Kinds whose removal takes traces with it. */
const keepers: readonly string[] = ["PersistentVolumeClaim", "Namespace"];

/** What a change costs, and the sentence that goes with it. */
export interface Price {
  readonly costs: readonly Cost[];
  readonly note?: string;
}

export const inPlace: Price = { costs: ["in place"] };

/** Whether a change of this field is also one of the other: it is the same, within it, or around it. */
export const touches = (path: readonly string[], field: string): boolean => {
  const parts = field.split(".");
  return parts.slice(0, path.length).every((part, index) => path[index] === part);
};

/** The price of a changed field of an object. */
export function priceOf(kind: string, sealed: boolean, change: FieldChange): Price {
  const { path } = change;
  const fixed = [...(immutable[kind] ?? []), "apiVersion", ...(sealed ? content : [])];
  const replaced = fixed.some((field) => touches(path, field));
  const restarts =
    kind === "StatefulSet" && ["spec.template", "spec.replicas"].some((field) => touches(path, field));
  const note = riskOf(kind, replaced, change);
  const all: Cost[] = [
    ...(note === undefined ? [] : (["data at risk"] as const)),
    ...(replaced ? (["replaced"] as const) : []),
    ...(restarts ? (["Tempo restarts"] as const) : []),
  ];
  return { costs: all.length === 0 ? ["in place"] : worstFirst(all), ...(note && { note }) };
}

function riskOf(kind: string, replaced: boolean, change: FieldChange): string | undefined {
  if (kind === "PersistentVolumeClaim" && replaced)
    return "The new claim is empty: Tempo starts without the traces of the old one.";
  if (kind === "PersistentVolumeClaim" && shrinks(change)) {
    return "Kubernetes refuses to shrink a claim; made anew, it is empty.";
  }
  if (kind === "StatefulSet" && change.path.at(-1) === "claimName") {
    return "Tempo starts on another volume, without the traces of the old one.";
  }
  return undefined;
}

function shrinks({ path, old, new: next }: FieldChange): boolean {
  if (!touches(path, "spec.resources.requests.storage")) return false;
  const [before, after] = [bytes(old), bytes(next)];
  return before !== undefined && (after === undefined || after < before);
}

/** The price of an object that goes. */
export function priceOfRemoval(kind: string): Price {
  if (keepers.includes(kind)) {
    return {
      costs: ["data at risk"],
      note: "Pulumi leaves it in the cluster, unmanaged; GitOps that prunes deletes it with its traces.",
    };
  }
  return kind === "StatefulSet" ? { costs: ["Tempo restarts"], note: "This Tempo stops." } : inPlace;
}

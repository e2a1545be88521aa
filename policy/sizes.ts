import { isTree, ruleOfObjects, type KubernetesObject } from "./rule.ts";

const mebibyte = 1_048_576;

/** The API server refuses a ConfigMap or Secret above 1 MiB (kubernetes.io/docs/concepts/configuration/configmap). */
export const objectSize = ruleOfObjects(
  {
    id: "object-size",
    severity: "error",
    protects: "a deployment from an object that the API server refuses in the middle of it",
    remedy: "Split the object in two: a dashboard into two dashboards.",
  },
  (object) => {
    const bytes = bytesOf(object);
    return bytes < mebibyte ? [] : [`has ${bytes} bytes, which is not less than 1 MiB (${mebibyte})`];
  },
);

const bytesOf = (object: KubernetesObject): number => Buffer.byteLength(JSON.stringify(object));

/** All annotations of an object together (`TotalAnnotationSizeLimitB` in k8s.io/apimachinery/pkg/api/validation/objectmeta.go). */
const maxAnnotationBytes = 262_144;

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** `kubectl apply`, without `--server-side`, notes the whole object in an annotation; one above 1 MiB is refused anyway. */
export const annotationSize = ruleOfObjects(
  {
    id: "annotation-size",
    severity: "warning",
    protects: "whoever applies the files without --server-side: kubectl and, unless told, Argo CD",
    remedy: "Split the object in two, or apply it with --server-side (Argo CD: ServerSideApply=true).",
  },
  (object) => {
    if (bytesOf(object) >= mebibyte) return [];
    const own = { ...object.metadata.annotations, [lastApplied]: lastAppliedOf(object) };
    const bytes = Object.entries(own).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
    return bytes <= maxAnnotationBytes
      ? []
      : [`its annotations would have ${bytes} bytes with kubectl's own, more than ${maxAnnotationBytes}`];
  },
);

/**
 * The annotation as kubectl writes it: the object without it, as Go's JSON, whose encoder escapes what HTML would take for
 * markup and ends with a line break (`GetModifiedConfiguration` in k8s.io/kubectl/pkg/util/apply.go, encoding/json).
 */
export function lastAppliedOf({ metadata, ...object }: KubernetesObject): string {
  const { [lastApplied]: _itself, ...annotations } = metadata.annotations ?? {};
  const text = JSON.stringify(
    { ...object, metadata: { ...metadata, annotations } },
    (_key, member: unknown) =>
      isTree(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
  );
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${text.replace(/[<>&\u2028\u2029]/g, escaped)}\n`;
}

import { isDeepStrictEqual } from "node:util";
import { retentionPaths } from "../../components/tempo/ingest.ts";
import { parseDuration, parseQuantity } from "../../settings/units.ts";
import { isPlain, type FieldChange, type Plain } from "./compare.ts";
import { inPlace, type Cost, type Impact } from "./report.ts";

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
  PersistentVolumeClaim: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  Deployment: ["spec.selector"],
  Service: ["spec.clusterIP"],
};
const content = ["data", "binaryData", "stringData"];

/** Kinds of what runs Tempo. */
const workloads = ["Deployment", "StatefulSet"];

/**
 * What it means to change a field of an object.
 *
 * @param sealed - Whether the object says that its content is immutable.
 */
export function fieldImpact(kind: string, sealed: boolean, change: FieldChange): Impact {
  const touched = (fields: readonly string[]) => fields.some((field) => touches(change.path, field));
  const replaced = touched([...(immutable[kind] ?? []), "apiVersion", ...(sealed ? content : [])]);
  const restarts = workloads.includes(kind) && touched(["spec.template"]);
  const risk = riskOf(kind, replaced, change);
  const note = risk ?? (kind === "PrometheusRule" ? ruleNote(change) : undefined);
  const found: Cost[] = [];
  if (risk) found.push("data at risk");
  if (replaced) found.push("replaced");
  if (restarts) found.push("Tempo restarts");
  const { costs } = found.length === 0 ? inPlace : { costs: found };
  return { costs, ...(note && { note }) };
}

/** What a changed rule means for those who are told. Only the names of recorded series have a colon. */
function ruleNote({ path, ...sides }: FieldChange): string | undefined {
  const rule = path.findIndex((_, index) => index > 0 && path[index - 1] === "rules");
  if (rule === -1) return undefined;
  const isRecorded = path[rule]!.includes(":");
  const isGone = path.length === rule + 1 && !("new" in sides);
  if (isGone)
    return isRecorded ? "Panels and alerts that ask it stay empty." : "Nobody is told of it any more.";
  if (isRecorded && path.at(-1) === "expr") return "What is recorded already stays as it was.";
  return undefined;
}

/** Whether a change of this field is also one of the other: it is the same, within it, or around it. */
const touches = (path: readonly string[], field: string): boolean =>
  field
    .split(".")
    .slice(0, path.length)
    .every((part, index) => path[index] === part);

function riskOf(kind: string, replaced: boolean, change: FieldChange): string | undefined {
  if (kind === "PersistentVolumeClaim" && replaced) {
    return "The new claim is empty: Tempo starts without the traces of the old one.";
  }
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
  const [before, after] = [parseQuantity(old), parseQuantity(next)];
  return before !== undefined && (after === undefined || after < before);
}

/** What it means for Tempo to start anew. */
export const restart: Impact = { costs: ["Tempo restarts"] };

/** What it means that an object goes. */
export function removalImpact(kind: string): Impact {
  if (kind === "PersistentVolumeClaim" || kind === "Namespace") {
    return {
      costs: ["data at risk"],
      note: "Pulumi leaves it in the cluster, unmanaged; GitOps that prunes deletes it with its traces.",
    };
  }
  if (kind === "PrometheusRule") {
    return { ...inPlace, note: "Nobody is told any more when chats fail or Tempo loses spans." };
  }
  if (kind === "ServiceMonitor") {
    return { ...inPlace, note: "Prometheus no longer scrapes Tempo: Tracing Health stays empty." };
  }
  return workloads.includes(kind) ? { ...restart, note: "This Tempo stops." } : inPlace;
}

/** Where Tempo keeps how long blocks are kept: where it is written, and what would overrule that. The shortest rules. */
const retentions = [...Object.values(retentionPaths).flat(), "overrides.defaults.compaction.block_retention"];

/** What says where blocks are. */
const places = [
  "storage.trace.backend",
  "storage.trace.local.path",
  "storage.trace.s3.bucket",
  "storage.trace.s3.endpoint",
  "storage.trace.gcs.bucket_name",
  "storage.trace.azure.container_name",
  "storage.trace.azure.storage_account_name",
];

/** What it means to go from one configuration of Tempo to another, key by key. */
export function tempoImpact(old: Plain, next: Plain): (change: FieldChange) => Impact {
  const [before, after] = [retention(old), retention(next)];
  const [wasDistributed, isDistributed] = [old, next].map(
    (config) => at(config, "ingest.kafka") !== undefined,
  );
  const risks = [
    {
      fields: isDistributed === wasDistributed ? [] : ["ingest"],
      note: isDistributed
        ? "Tempo becomes distributed. What it has not uploaded yet stays on its volume, and is not found: docs/scale.md has the way without loss."
        : "Tempo becomes one process. What is in Kafka and in no block yet is not found: docs/scale.md has the way without loss.",
    },
    {
      fields: isDistributed && wasDistributed ? ["ingest.kafka.address", "ingest.kafka.topic"] : [],
      note: "What is in the old topic and in no block yet is not stored.",
    },
    {
      fields: after.seconds < before.seconds ? retentions : [],
      note: `Traces older than ${after.text} are deleted.`,
    },
    {
      fields: places.filter((place) => !isDeepStrictEqual(at(old, place), at(next, place))),
      note: "Tempo no longer finds the traces it has stored; they stay where they are.",
    },
  ];
  return ({ path }) => {
    const risk = risks.find(({ fields }) => fields.some((field) => touches(path, field)));
    return risk ? { costs: ["data at risk", ...restart.costs], note: risk.note } : restart;
  };
}

/** What is configured, or Tempo's own 14 days (modules/backendworker and compactor, `block_retention`). */
function retention(config: Plain): { text: string; seconds: number } {
  const configured = retentions.flatMap((field) => {
    const text = String(at(config, field));
    const seconds = parseDuration(text);
    return seconds === undefined ? [] : [{ text, seconds }];
  });
  const [shortest] = configured.sort((a, b) => a.seconds - b.seconds);
  return shortest ?? { text: "336h", seconds: 336 * 3600 };
}

const at = (config: Plain, field: string): unknown =>
  field.split(".").reduce<unknown>((value, key) => (isPlain(value) ? value[key] : undefined), config);

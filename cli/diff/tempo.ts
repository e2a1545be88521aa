import { compare, isPlain, pathText, same, type FieldChange } from "./compare.ts";
import { touches } from "./costs.ts";
import { seconds } from "./quantity.ts";
import type { Finding } from "./report.ts";
import { together } from "./together.ts";

/** Where Tempo's lines have how long blocks are kept. The shortest rules. */
const retentions = [
  "backend_worker.compaction.block_retention",
  "backend_scheduler.provider.compaction.compaction.block_retention",
  "compactor.compaction.block_retention",
  "overrides.defaults.compaction.block_retention",
];

/** Tempo's own, when none is configured: 14 days (modules/backendworker and compactor, `block_retention`). */
const defaultRetention = "336h";

/** What says where blocks are. */
const places = [
  "storage.trace.backend",
  "storage.trace.local.path",
  "storage.trace.s3.bucket",
  "storage.trace.s3.endpoint",
  "storage.trace.s3.prefix",
  "storage.trace.gcs.bucket_name",
  "storage.trace.gcs.prefix",
  "storage.trace.azure.container_name",
  "storage.trace.azure.storage_account_name",
  "storage.trace.azure.prefix",
];

/** Changes of Tempo's configuration, key by key. */
export function tempoFindings(old: unknown, next: unknown): Finding[] {
  const risks = risksOf(old, next);
  const findings = compare(old, next).map((change): Finding => {
    const risk = risks.find(({ fields }) => fields.some((field) => touches(change.path, field)));
    return {
      section: "tempo",
      action: actionOf(change),
      subject: "Tempo",
      fields: [pathText(change.path)],
      ...sidesOf(change),
      costs: risk ? ["data at risk", "Tempo restarts"] : ["Tempo restarts"],
      ...(risk && { note: risk.note }),
    };
  });
  return together(findings);
}

/** Added, removed or changed: which sides have the field. */
export const actionOf = (change: FieldChange): Finding["action"] =>
  !("old" in change) ? "added" : !("new" in change) ? "removed" : "changed";

/** The values of both sides, as far as there are any. */
export const sidesOf = (change: FieldChange): Pick<Finding, "old" | "new"> => ({
  ...("old" in change && { old: change.old }),
  ...("new" in change && { new: change.new }),
});

interface Risk {
  readonly fields: readonly string[];
  readonly note: string;
}

function risksOf(old: unknown, next: unknown): Risk[] {
  const [before, after] = [retention(old), retention(next)];
  const moved = places.filter((place) => !same(at(old, place), at(next, place)));
  return [
    ...(after.seconds < before.seconds
      ? [{ fields: retentions, note: `Traces older than ${after.text} are deleted.` }]
      : []),
    ...(moved.length > 0
      ? [{ fields: moved, note: "Tempo no longer finds the traces it has stored; they stay where they are." }]
      : []),
  ];
}

function retention(config: unknown): { text: string; seconds: number } {
  const set = retentions.flatMap((field) => {
    const text = at(config, field);
    const value = seconds(text);
    return value === undefined ? [] : [{ text: String(text), seconds: value }];
  });
  const shortest = set.sort((a, b) => a.seconds - b.seconds)[0];
  return shortest ?? { text: defaultRetention, seconds: seconds(defaultRetention)! };
}

const at = (config: unknown, field: string): unknown =>
  field.split(".").reduce<unknown>((value, key) => (isPlain(value) ? value[key] : undefined), config);

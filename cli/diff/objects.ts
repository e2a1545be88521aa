import { isDeepStrictEqual } from "node:util";
import { compare, isPlain, partnersOf, type FieldChange, type Plain } from "./compare.ts";
import { dashboardFindings, uidOf } from "./dashboards.ts";
import { datasourceFindings } from "./datasources.ts";
import { fieldImpact, removalImpact, restart, tempoImpact } from "./impact.ts";
import { fieldFinding, inPlace, together, wholeFinding, type Finding } from "./report.ts";
import { secret } from "./secrets.ts";
import type { KubernetesObject } from "./snapshot.ts";
import { isDistributed, ofWorkload } from "./workloads.ts";

/** What changes in an environment's objects. */
export function objectFindings(
  old: readonly KubernetesObject[],
  next: readonly KubernetesObject[],
): Finding[] {
  const { partners, gone } = partnersOf(old, next, keys);
  const names = [...partners].map(([{ name }, old]) => [old.name, name] as const);
  const renames = new Map(names.filter(([from, to]) => from !== to));
  const distributed = isDistributed(old) && isDistributed(next);
  const findings = (object: KubernetesObject, ...sides: readonly (KubernetesObject | undefined)[]) =>
    compareObjects(sides[0], sides[1], renames).map((finding) => ofWorkload(object, finding, distributed));
  return metadataOnce([
    ...next.flatMap((object) => findings(object, partners.get(object), object)),
    ...gone.flatMap((object) => findings(object, object, undefined)),
  ]);
}

/** Objects are known by name, and otherwise by what stays when a name changes. */
const keys = [
  (object: KubernetesObject) => id(object, object.name),
  (object: KubernetesObject) => (isHashed(object) ? id(object, object.name.replace(hash, "")) : undefined),
  // Grafana knows a dashboard by its uid, whatever its ConfigMap is called.
  (object: KubernetesObject) => {
    const uids = Object.values(object.files).map(uidOf);
    const isKnown = object.payload === "dashboards" && !uids.includes(undefined);
    return isKnown ? id(object, uids.sort().join(" ")) : undefined;
  },
];

const id = ({ kind, namespace }: KubernetesObject, key: string) => JSON.stringify([kind, namespace, key]);

/** Whether an object is named after its content; the pods that use it then restart with every change of it. */
const isHashed = ({ name }: KubernetesObject): boolean => hash.test(name);
const hash = /-[0-9a-f]{8,64}$/;

function compareObjects(
  old: KubernetesObject | undefined,
  next: KubernetesObject | undefined,
  renames: ReadonlyMap<string, string>,
): Finding[] {
  const contents = compareContents(old, next);
  if (!old || !next) {
    // A dashboard or data source says by itself that it comes or goes.
    if (contents.length > 0) return contents;
    return next
      ? [wholeFinding(about(next), "added")]
      : [wholeFinding(about(old!), "removed", {}, removalImpact(old!.kind))];
  }
  const changes = compare(old.value, next.value).filter(
    ({ old, new: next }) => !(typeof old === "string" && renames.get(old) === next),
  );
  const found = [...changes.map((change) => ofField(old, next, change)), ...contents];
  if (old.name === next.name || (isHashed(next) && contents.length > 0)) return found;
  const impact = isHashed(next) ? restart : inPlace;
  return [wholeFinding(about(next), "renamed", { old: old.name, new: next.name }, impact), ...found];
}

const about = ({ kind, namespace, name }: KubernetesObject) =>
  ({ section: "objects", subject: `${kind} ${namespace ? `${namespace}/` : ""}${name}` }) as const;

/** An immutable object of the same name is replaced; one of another name is a new one anyway. */
const ofField = (old: KubernetesObject, next: KubernetesObject, change: FieldChange): Finding => {
  const isSealed = old.value["immutable"] === true && old.name === next.name;
  return fieldFinding(about(next), change, fieldImpact(next.kind, isSealed, change));
};

/** What changes in the files that are in an object. */
function compareContents(old: KubernetesObject | undefined, next: KubernetesObject | undefined): Finding[] {
  const payloads = [old, next].flatMap((object) => (object ? [object.payload] : []));
  const [before, after] = [old?.files ?? {}, next?.files ?? {}];
  if (payloads.every((payload) => payload === "dashboards")) return dashboardFindings(before, after);
  if (payloads.every((payload) => payload === "datasources")) return datasourceFindings(before, after);
  if (!old || !next) return [];
  const isSecret = payloads.some((payload) => payload === "secrets" || payload === "datasources");
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((file) => {
    const [a, b] = [before[file], after[file]];
    if (file === "tempo.yaml" && isPlain(a) && isPlain(b)) return compareTempo(a, b);
    const changes = isSecret ? compareSecrets(file, a, b) : compare(only(file, before), only(file, after));
    return changes.map((change): Finding => {
      const finding = ofField(old, next, { ...change, path: ["data", ...change.path] });
      return isHashed(next) ? { ...finding, ...restart } : finding;
    });
  });
}

const only = (file: string, files: Plain): Plain => (file in files ? { [file]: files[file] } : {});

function compareSecrets(file: string, old: unknown, next: unknown): FieldChange[] {
  if (isDeepStrictEqual(old, next)) return [];
  const sides = { ...(old !== undefined && { old: secret }), ...(next !== undefined && { new: secret }) };
  return [{ path: [`[${JSON.stringify(file)}]`], ...sides }];
}

/** What changes in Tempo's configuration, key by key. */
function compareTempo(old: Plain, next: Plain): Finding[] {
  const impact = tempoImpact(old, next);
  const about = { section: "tempo", subject: "Tempo" } as const;
  return together(compare(old, next).map((change) => fieldFinding(about, change, impact(change))));
}

/** The same change of labels or annotations on many objects is said once. */
function metadataOnce(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(findings, (finding) => {
    const { section, fields, costs, old, new: next } = finding;
    const isMetadata = section === "objects" && fields[0]?.startsWith("metadata.");
    return isMetadata ? JSON.stringify([fields, costs, old, next]) : finding;
  });
  return [...groups.values()].map((group) => ({
    ...group[0]!,
    subject: group.length > 3 ? `${group.length} objects` : group.map(({ subject }) => subject).join(", "),
  }));
}

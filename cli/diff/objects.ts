import { isDeepStrictEqual } from "node:util";
import { compare, isPlain, partnersOf, type FieldChange, type Plain } from "./compare.ts";
import { dashboardFindings, uidOf } from "./dashboards.ts";
import { datasourceFindings } from "./datasources.ts";
import { fieldImpact, removalImpact, tempoImpact } from "./impact.ts";
import { inPlace, together, toFinding, type Finding } from "./report.ts";
import { secret } from "./secrets.ts";
import type { KubernetesObject } from "./snapshot.ts";

/** What changes in an environment's objects. */
export function objectFindings(
  old: readonly KubernetesObject[],
  next: readonly KubernetesObject[],
): Finding[] {
  const { partners, gone } = partnersOf(old, next, keys);
  const renames = new Map(
    [...partners].flatMap(([object, { name }]) => (object.name === name ? [] : [[name, object.name]])),
  );
  return metadataOnce([
    ...next.flatMap((object) => {
      const partner = partners.get(object);
      return partner ? changeFindings(partner, object, renames) : wholeFindings("added", object);
    }),
    ...gone.flatMap((object) => wholeFindings("removed", object)),
  ]);
}

/** Objects are known by name, and otherwise by what stays when a name changes. */
const keys = [
  (object: KubernetesObject) => id(object, object.name),
  (object: KubernetesObject) => (isHashed(object) ? id(object, object.name.replace(hash, "")) : undefined),
  // Grafana knows a dashboard by its uid, whatever its ConfigMap is called.
  (object: KubernetesObject) => {
    const uids = Object.values(object.files).map(uidOf);
    return object.payload === "dashboards" && !uids.includes(undefined)
      ? id(object, uids.sort().join(" "))
      : undefined;
  },
];

const id = ({ kind, namespace }: KubernetesObject, key: string): string =>
  JSON.stringify([kind, namespace, key]);

/** Whether an object is named after its content; the pods that use it then restart with every change of it. */
const isHashed = ({ name }: KubernetesObject): boolean => hash.test(name);

const hash = /-[0-9a-f]{8,64}$/;

const about = ({ kind, namespace, name }: KubernetesObject) =>
  ({
    section: "objects",
    subject: `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`,
  }) as const;

function wholeFindings(action: "added" | "removed", object: KubernetesObject): Finding[] {
  const files: [Plain, Plain] = action === "added" ? [{}, object.files] : [object.files, {}];
  // A dashboard or data source says by itself that it comes or goes.
  const contents = grafanaFindings([object], ...files) ?? [];
  if (contents.length > 0) return contents;
  const impact = action === "added" ? inPlace : removalImpact(object.kind);
  return [{ ...about(object), action, fields: [], ...impact }];
}

function changeFindings(
  old: KubernetesObject,
  next: KubernetesObject,
  renames: ReadonlyMap<string, string>,
): Finding[] {
  const contents = grafanaFindings([old, next], old.files, next.files) ?? fileFindings(old, next);
  const found = [
    ...compare(withoutName(old.value), withoutName(next.value))
      .filter(({ old, new: next }) => !(typeof old === "string" && renames.get(old) === next))
      .map((change) => fieldFinding(old, next, change)),
    ...contents,
  ];
  if (old.name === next.name || (isHashed(next) && contents.length > 0)) return found;
  const costs = isHashed(next) ? (["Tempo restarts"] as const) : inPlace.costs;
  return [{ ...about(next), action: "renamed", fields: [], old: old.name, new: next.name, costs }, ...found];
}

/** An immutable object of the same name is replaced; one of another name is a new one anyway. */
const fieldFinding = (old: KubernetesObject, next: KubernetesObject, change: FieldChange): Finding =>
  toFinding(
    about(next),
    change,
    fieldImpact(next.kind, old.value["immutable"] === true && old.name === next.name, change),
  );

function withoutName(value: Plain): Plain {
  if (!isPlain(value["metadata"])) return value;
  const { name: _name, ...metadata } = value["metadata"];
  return { ...value, metadata };
}

/** What changes in files that are for Grafana; undefined when they are not. */
function grafanaFindings(sides: readonly KubernetesObject[], old: Plain, next: Plain): Finding[] | undefined {
  if (sides.every(({ payload }) => payload === "dashboards")) return dashboardFindings(old, next);
  if (sides.every(({ payload }) => payload === "datasources")) return datasourceFindings(old, next);
  return undefined;
}

function fileFindings(old: KubernetesObject, next: KubernetesObject): Finding[] {
  const isSecret = [old, next].some(({ payload }) => payload === "secrets" || payload === "datasources");
  const files = new Set([...Object.keys(old.files), ...Object.keys(next.files)]);
  return [...files].flatMap((file): Finding[] => {
    const [before, after] = [old.files[file], next.files[file]];
    if (file === "tempo.yaml" && isPlain(before) && isPlain(after)) return tempoFindings(before, after);
    const changes = isSecret
      ? secretChanges(file, before, after)
      : compare(only(file, old), only(file, next));
    return changes.map((change) => {
      const finding = fieldFinding(old, next, { ...change, path: ["data", ...change.path] });
      return isHashed(next) ? { ...finding, costs: ["Tempo restarts"] } : finding;
    });
  });
}

const only = (file: string, { files }: KubernetesObject): Plain =>
  file in files ? { [file]: files[file] } : {};

const secretChanges = (file: string, old: unknown, next: unknown): FieldChange[] =>
  isDeepStrictEqual(old, next)
    ? []
    : [
        {
          path: [`[${JSON.stringify(file)}]`],
          ...(old !== undefined && { old: secret }),
          ...(next !== undefined && { new: secret }),
        },
      ];

/** What changes in Tempo's configuration, key by key. */
function tempoFindings(old: Plain, next: Plain): Finding[] {
  const impact = tempoImpact(old, next);
  const about = { section: "tempo", subject: "Tempo" } as const;
  return together(compare(old, next).map((change) => toFinding(about, change, impact(change))));
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

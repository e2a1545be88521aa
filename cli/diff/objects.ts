import { carries, parsed, shell, texts, type Carries } from "./contents.ts";
import { compare, isPlain, pathText, same, type FieldChange } from "./compare.ts";
import { inPlace, priceOf, priceOfRemoval } from "./costs.ts";
import { dashboardFindings } from "./dashboards.ts";
import { datasourceFindings } from "./datasources.ts";
import { isHashed, pairsOf, type Pair } from "./pairs.ts";
import type { Finding } from "./report.ts";
import { secret } from "./secrets.ts";
import type { KubernetesObject } from "./snapshot.ts";
import { actionOf, sidesOf, tempoFindings } from "./tempo.ts";
import { joined } from "./together.ts";

/** What changes in an environment's objects. */
export function objectFindings(
  old: readonly KubernetesObject[],
  next: readonly KubernetesObject[],
): Finding[] {
  const pairs = pairsOf(old, next);
  const renames = new Map(
    pairs.flatMap(({ old, next }) => (old && next && old.name !== next.name ? [[old.name, next.name]] : [])),
  );
  const findings = pairs.flatMap((pair) => ofPair(pair, renames));
  return metadataOnce(findings);
}

const title = ({ kind, namespace, name }: KubernetesObject): string =>
  `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;

function ofPair({ old, next }: Pair, renames: ReadonlyMap<string, string>): Finding[] {
  const contents = ofContents(old, next);
  const one = (next ?? old)!;
  const whole = { section: "objects", subject: title(one), fields: [] } as const;
  if (!old || !next) {
    // A dashboard or data source says by itself that it comes or goes.
    if (contents.length > 0) return contents;
    return old
      ? [{ ...whole, action: "removed", ...priceOfRemoval(old.kind) }]
      : [{ ...whole, action: "added", ...inPlace }];
  }
  const fields = compare(withoutName(shell(old)), withoutName(shell(next)))
    .filter(({ old, new: next }) => !(typeof old === "string" && renames.get(old) === next))
    .map((change) => ofField(old, next, change));
  const found = [...fields, ...contents];
  if (old.name === next.name || (isHashed(next) && contents.length > 0)) return found;
  const costs = isHashed(next) ? (["Tempo restarts"] as const) : (["in place"] as const);
  return [{ ...whole, action: "renamed", old: old.name, new: next.name, costs }, ...found];
}

function ofField(old: KubernetesObject, next: KubernetesObject, change: FieldChange): Finding {
  return {
    section: "objects",
    action: actionOf(change),
    subject: title(next),
    fields: [pathText(change.path)],
    ...sidesOf(change),
    ...priceOf(next.kind, sealed(old) && old.name === next.name, change),
  };
}

/** An immutable object of the same name is replaced; one of another name is a new one anyway. */
const sealed = ({ value }: KubernetesObject): boolean => value["immutable"] === true;

function withoutName(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!isPlain(value["metadata"])) return value;
  const { name: _name, ...metadata } = value["metadata"];
  return { ...value, metadata };
}

function ofContents(old: KubernetesObject | undefined, next: KubernetesObject | undefined): Finding[] {
  const kinds = [old, next].flatMap((object) => (object ? [carries(object)] : []));
  const before = old ? texts(old) : {};
  const after = next ? texts(next) : {};
  if (kinds.every((kind) => kind === "dashboards")) return dashboardFindings(before, after);
  if (kinds.every((kind) => kind === "datasources")) return datasourceFindings(before, after);
  return old && next ? ofFiles(old, next, kinds) : [];
}

function ofFiles(old: KubernetesObject, next: KubernetesObject, kinds: readonly Carries[]): Finding[] {
  const [before, after] = [texts(old), texts(next)];
  const secrets = kinds.some((kind) => kind === "secrets" || kind === "datasources");
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((file): Finding[] => {
    const [a, b] = [parsed(before[file]), parsed(after[file])];
    if (file === "tempo.yaml" && isPlain(a) && isPlain(b)) return tempoFindings(a, b);
    if (same(a, b)) return [];
    const inner = secrets ? secretChange(file, before, after) : compare(part(file, a), part(file, b));
    return inner.map((change) => {
      const finding = ofField(old, next, { ...change, path: ["data", ...change.path] });
      return isHashed(next) ? { ...finding, costs: ["Tempo restarts"] } : finding;
    });
  });
}

const part = (file: string, value: unknown): Readonly<Record<string, unknown>> =>
  value === undefined ? {} : { [file]: value };

const secretChange = (file: string, before: object, after: object): FieldChange[] => [
  {
    path: [`[${JSON.stringify(file)}]`],
    ...(file in before && { old: secret }),
    ...(file in after && { new: secret }),
  },
];

/** The same change of labels or annotations on many objects is said once. */
function metadataOnce(findings: readonly Finding[]): Finding[] {
  const groups = joined(findings, ({ section, fields: [field], costs: [cost], old, new: next }) =>
    section === "objects" && field?.startsWith("metadata.")
      ? JSON.stringify([field, cost, old, next])
      : undefined,
  );
  return groups.map((group) =>
    group.length > 3
      ? { ...group[0], subject: `${group.length} objects` }
      : { ...group[0], subject: group.map(({ subject }) => subject).join(", ") },
  );
}

import { withoutSecrets } from "./secrets.ts";

/** A field that differs. A side that does not have it has no value here. */
export interface FieldChange {
  /** Keys from the root: `spec`, `["a.b"]`, and for list elements `[tempo]` or `[0]`. */
  readonly path: readonly string[];
  readonly old?: unknown;
  readonly new?: unknown;
}

type Plain = Readonly<Record<string, unknown>>;
type Path = readonly string[];

/**
 * Compares two plain values field by field. Elements of a list are matched by what names them, so that an insertion
 * is one change; a list of words or numbers is one value. Secrets are compared, but never returned.
 */
export const compare = (old: unknown, next: unknown): FieldChange[] =>
  differences(old, next, []).map((change) => ({
    path: change.path,
    ...("old" in change && { old: withoutSecrets(change.old, change.path) }),
    ...("new" in change && { new: withoutSecrets(change.new, change.path) }),
  }));

/** A path as one word: `spec.containers[tempo].image`. */
export const pathText = (path: Path): string =>
  path.reduce((text, part) => (text === "" || part.startsWith("[") ? text + part : `${text}.${part}`), "");

/** A part of a path as the key that it stands for. */
export const keyOf = (part: string): string =>
  part.startsWith('["') ? (JSON.parse(part.slice(1, -1)) as string) : part;

export const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether two plain values are the same, whatever the order of their keys. */
export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((member, index) => same(member, b[index]));
  }
  if (!isPlain(a) || !isPlain(b)) return Object.is(a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  );
}

export const isScalarList = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.every((member) => typeof member !== "object" || member === null);

function differences(old: unknown, next: unknown, path: Path): FieldChange[] {
  if (same(old, next)) return [];
  if (isPlain(old) && isPlain(next)) return ofMembers(old, next, path, keyPart);
  if (Array.isArray(old) && Array.isArray(next)) return ofLists(old, next, path);
  return [{ path, old, new: next }];
}

function ofMembers(old: Plain, next: Plain, path: Path, part: (key: string) => string): FieldChange[] {
  return [...new Set([...Object.keys(old), ...Object.keys(next)])].flatMap((key): FieldChange[] => {
    const below = [...path, part(key)];
    if (!Object.hasOwn(next, key)) return [{ path: below, old: old[key] }];
    if (!Object.hasOwn(old, key)) return [{ path: below, new: next[key] }];
    return differences(old[key], next[key], below);
  });
}

const keyPart = (key: string): string => (/^[\w$/:-]+$/.test(key) ? key : `[${JSON.stringify(key)}]`);

function ofLists(old: readonly unknown[], next: readonly unknown[], path: Path): FieldChange[] {
  if (isScalarList(old) && isScalarList(next)) return [{ path, old, new: next }];
  const name = nameOf(old, next);
  if (name === undefined) return ofUnnamed(old, next, path);
  const before = byName(old, name);
  const after = byName(next, name);
  const changes = ofMembers(before, after, path, (key) => `[${listName(key)}]`);
  return [...changes, ...orderChange(before, after, path)];
}

/** The order of the keys that both have, when it differs. */
export function orderChange(old: unknown, next: unknown, path: Path): FieldChange[] {
  if (!isPlain(old) || !isPlain(next)) return [];
  const kept = (from: Plain, other: Plain) => Object.keys(from).filter((key) => Object.hasOwn(other, key));
  const order = { old: kept(old, next).map(listName), new: kept(next, old).map(listName) };
  return same(order.old, order.new) ? [] : [{ path: [...path, "[order]"], ...order }];
}

/** Keys that name the elements of lists in Kubernetes, Tempo and Grafana. */
const names = ["uid", "name", "key", "id", "refId", "label", "title", "mountPath", "containerPort", "port"];

/** The key that names every element of both lists, each differently within its list. */
const nameOf = (...lists: readonly (readonly unknown[])[]): string | undefined =>
  names.find((name) =>
    lists.every((list) => {
      const values = list.map((member) => (isPlain(member) ? member[name] : undefined));
      return (
        values.every((value) => typeof value === "string" || typeof value === "number") &&
        new Set(values.map(String)).size === values.length
      );
    }),
  );

/** The mark keeps names that are numbers in the order of the list. */
const byName = (list: readonly unknown[], name: string): Plain =>
  Object.fromEntries((list as readonly Plain[]).map((member) => [nameText(member[name]), member]));

const listName = (text: string): string => text.replace(/^#(?=\d+$)/, "");

const nameText = (name: unknown): string => (/^\d+$/.test(String(name)) ? `#${String(name)}` : String(name));

/** What is alike at the start and the end stays; the rest is compared in turn. */
function ofUnnamed(old: readonly unknown[], next: readonly unknown[], path: Path): FieldChange[] {
  const shorter = Math.min(old.length, next.length);
  let start = 0;
  while (start < shorter && same(old[start], next[start])) start++;
  let end = 0;
  while (end < shorter - start && same(old[old.length - 1 - end], next[next.length - 1 - end])) end++;
  const gone = old.slice(start, old.length - end);
  const come = next.slice(start, next.length - end);
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, index) => {
    const below = [...path, `[${start + index}]`];
    if (index >= come.length) return [{ path: below, old: gone[index] }];
    if (index >= gone.length) return [{ path: below, new: come[index] }];
    return differences(gone[index], come[index], below);
  }).flat();
}

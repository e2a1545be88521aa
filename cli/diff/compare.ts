import { isDeepStrictEqual } from "node:util";

/** A field that differs. A side that does not have it has no value here. */
export interface FieldChange {
  /** Keys from the root: `spec`, `["a.b"]`, and for list elements `[tempo]` or `[0]`. */
  readonly path: readonly string[];
  readonly old?: unknown;
  readonly new?: unknown;
}

/** An object as YAML and JSON have it. */
export type Plain = Readonly<Record<string, unknown>>;

type Path = readonly string[];
type List = readonly unknown[];

/**
 * Compares two plain values field by field. Elements of a list are matched by what names them, so that an insertion
 * is one change; a list of words or numbers is one value.
 */
export function compare(old: unknown, next: unknown, path: Path = []): FieldChange[] {
  if (isDeepStrictEqual(old, next)) return [];
  if (isPlain(old) && isPlain(next)) {
    return compareMembers(new Map(Object.entries(old)), new Map(Object.entries(next)), path, keyPart);
  }
  if (!Array.isArray(old) || !Array.isArray(next) || (isScalarList(old) && isScalarList(next))) {
    return [{ path, old, new: next }];
  }
  return compareLists(old, next, path);
}

/** A path as one word: `spec.containers[tempo].image`. */
export const pathText = (path: Path): string =>
  path.reduce((text, part) => (text === "" || part.startsWith("[") ? text + part : `${text}.${part}`), "");

/** A part of a path as the key that it stands for. */
export const keyOf = (part: string): string =>
  part.startsWith('["') ? (JSON.parse(part.slice(1, -1)) as string) : part;

export const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isScalarList = (value: unknown): value is List =>
  Array.isArray(value) && value.every((member) => typeof member !== "object" || member === null);

/**
 * What became of what: each new value with the old one that has the same key, by the first of these keys that only
 * one value on each side has. A value with an undefined key has no partner by that key.
 */
export function partnersOf<T>(
  old: readonly T[],
  next: readonly T[],
  keys: readonly ((value: T) => string | undefined)[],
): { partners: ReadonlyMap<T, T>; gone: readonly T[] } {
  const partners = new Map<T, T>();
  const left = () => old.filter((value) => ![...partners.values()].includes(value));
  for (const key of keys) {
    const before = Map.groupBy(left(), key);
    const after = Map.groupBy(
      next.filter((value) => !partners.has(value)),
      key,
    );
    for (const [text, [value, ...others]] of after) {
      const [partner, ...rivals] = before.get(text) ?? [];
      if (text !== undefined && partner && others.length + rivals.length === 0) partners.set(value!, partner);
    }
  }
  return { partners, gone: left() };
}

type Members = ReadonlyMap<string, unknown>;

function compareMembers(
  old: Members,
  next: Members,
  path: Path,
  part: (key: string) => string,
): FieldChange[] {
  return [...new Set([...old.keys(), ...next.keys()])].flatMap((key): FieldChange[] => {
    const below = [...path, part(key)];
    if (!next.has(key)) return [{ path: below, old: old.get(key) }];
    if (!old.has(key)) return [{ path: below, new: next.get(key) }];
    return compare(old.get(key), next.get(key), below);
  });
}

const keyPart = (key: string): string => (/^[\w$/:-]+$/.test(key) ? key : `[${JSON.stringify(key)}]`);

const listPart = (key: string): string => `[${key}]`;

function compareLists(old: List, next: List, path: Path): FieldChange[] {
  const name = nameIn(old, next);
  if (name === undefined) return compareMembers(...unlike(old, next), path, listPart);
  const byName = (list: List) => new Map((list as Plain[]).map((member) => [String(name(member)), member]));
  const [before, after] = [byName(old), byName(next)];
  const order = {
    old: [...before.keys()].filter((key) => after.has(key)),
    new: [...after.keys()].filter((key) => before.has(key)),
  };
  return [
    ...compareMembers(before, after, path, listPart),
    ...(isDeepStrictEqual(order.old, order.new) ? [] : [{ path: [...path, "[order]"], ...order }]),
  ];
}

/** Keys that name the elements of lists in Kubernetes, Tempo and Grafana. */
const names = ["uid", "name", "key", "id", "refId", "label", "title", "mountPath", "containerPort", "port"];

type Namer = (member: Plain) => unknown;

/** Rules of Prometheus: those of one alert over several windows are told apart by the long one. */
const ruleName: Namer = ({ record, alert, labels }) => {
  const long = isPlain(labels) ? labels["long"] : undefined;
  return record ?? (typeof alert === "string" && typeof long === "string" ? `${alert} over ${long}` : alert);
};

const namers: readonly Namer[] = [
  ...names.map(
    (name): Namer =>
      (member) =>
        member[name],
  ),
  ruleName,
];

/** What names every element of both lists, each differently within its list. */
const nameIn = (...lists: readonly List[]): Namer | undefined =>
  namers.find((name) =>
    lists.every((list) => {
      const values = list.map((member) => (isPlain(member) ? name(member) : undefined));
      return (
        values.every((value) => typeof value === "string" || typeof value === "number") &&
        new Set(values.map(String)).size === values.length
      );
    }),
  );

/** The elements by index, without those that are alike at the start and at the end. */
function unlike(old: List, next: List): [Members, Members] {
  const { start, end } = alike(old, next);
  const middle = (list: List) => list.slice(start, list.length - end);
  const byIndex = (list: List) =>
    new Map(middle(list).map((member, index) => [String(start + index), member]));
  return [byIndex(old), byIndex(next)];
}

/** How many elements are the same at the start of both lists, and how many at the end. */
export function alike(old: List, next: List): { start: number; end: number } {
  const shorter = Math.min(old.length, next.length);
  let start = 0;
  while (start < shorter && isDeepStrictEqual(old[start], next[start])) start++;
  let end = 0;
  while (end < shorter - start && isDeepStrictEqual(old.at(-1 - end), next.at(-1 - end))) end++;
  return { start, end };
}

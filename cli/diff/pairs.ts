import { carries, parsed, texts } from "./contents.ts";
import { isPlain } from "./compare.ts";
import type { KubernetesObject } from "./snapshot.ts";

/** An object before and after; one that is added or removed has one side. */
export interface Pair {
  readonly old?: KubernetesObject;
  readonly next?: KubernetesObject;
}

/** Pairs objects by name; those left over by what stays when a name changes. */
export function pairsOf(old: readonly KubernetesObject[], next: readonly KubernetesObject[]): Pair[] {
  const named = paired(old, next, (object) => object.name);
  const unhashed = paired(named.old, named.next, (object) =>
    isHashed(object) ? object.name.replace(hash, "") : undefined,
  );
  const boards = paired(unhashed.old, unhashed.next, dashboardUids);
  const partners = new Map([...named.pairs, ...unhashed.pairs, ...boards.pairs]);
  const gone = old.filter((object) => !new Set(partners.values()).has(object));
  return [
    ...next.map((object) => ({ old: partners.get(object), next: object })),
    ...gone.map((object) => ({ old: object })),
  ];
}

/** Whether an object is named after its content; the pods that use it then restart with every change of it. */
export const isHashed = ({ name }: KubernetesObject): boolean => hash.test(name);

const hash = /-[0-9a-f]{8,64}$/;

/** Grafana knows a dashboard by its uid, whatever its ConfigMap is called. */
function dashboardUids(object: KubernetesObject): string | undefined {
  if (carries(object) !== "dashboards") return undefined;
  const uids = Object.values(texts(object)).map((text) => {
    const dashboard = parsed(text);
    return isPlain(dashboard) ? dashboard["uid"] : undefined;
  });
  return uids.every((uid) => typeof uid === "string") ? uids.sort().join(" ") : undefined;
}

/** Pairs by kind, namespace and key, where a key is on each side once; a key undefined pairs with nothing. */
function paired(
  old: readonly KubernetesObject[],
  next: readonly KubernetesObject[],
  keyOf: (object: KubernetesObject) => string | undefined,
) {
  const id = (object: KubernetesObject) => {
    const key = keyOf(object);
    return key === undefined ? undefined : JSON.stringify([object.kind, object.namespace, key]);
  };
  const before = unique(old, id);
  const after = unique(next, id);
  const pairs = [...after].flatMap(([key, object]): [KubernetesObject, KubernetesObject][] => {
    const partner = before.get(key);
    return partner ? [[object, partner]] : [];
  });
  const taken = new Set(pairs.flat());
  return {
    pairs,
    old: old.filter((object) => !taken.has(object)),
    next: next.filter((object) => !taken.has(object)),
  };
}

/** Values by key, as far as they have one of their own. */
export function unique<T>(values: readonly T[], keyOf: (value: T) => string | undefined): Map<string, T> {
  const keys = values.map(keyOf);
  const once = (key: string | undefined) => keys.indexOf(key) === keys.lastIndexOf(key);
  return new Map(
    values.flatMap((value, index): [string, T][] => {
      const key = keys[index];
      return key !== undefined && once(key) ? [[key, value]] : [];
    }),
  );
}

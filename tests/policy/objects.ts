import type { KubernetesObject } from "../../policy/rule.ts";

/** A part of an object that a test changes. */
export type Loose = Record<string, unknown>;

/** Objects that were rendered, one of them changed. */
export function changed(
  objects: readonly KubernetesObject[],
  kind: string,
  change: (object: Loose) => void,
): KubernetesObject[] {
  const copy = structuredClone(objects) as KubernetesObject[];
  change(copy.find((object) => object.kind === kind) as unknown as Loose);
  return copy;
}

/** A part of an object, made where there is none. */
export function at(object: Loose, ...path: (string | number)[]): Loose {
  return path.reduce<Loose>((part, key) => (part[key] ??= {}) as Loose, object);
}

/** The pod that an object makes. */
export const podIn = (object: Loose): Loose => at(object, "spec", "template", "spec");

/** The only container of the pod that an object makes. */
export const containerIn = (object: Loose): Loose => at(podIn(object), "containers", 0);

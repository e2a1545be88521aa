import type { Context } from "./context.ts";

/** A Kubernetes object as plain data. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** What a rule found. It never repeats a value that may be secret. */
export interface Finding {
  readonly object: KubernetesObject;
  /** What is wrong, as a phrase. */
  readonly found: string;
}

/** A rule that every object must pass, as a pure function. */
export interface Rule {
  /** Name in messages, in exceptions and in the policy pack. */
  readonly id: string;
  /** An error keeps objects from being written or deployed; a warning is only said. */
  readonly severity: "error" | "warning";
  /** What it protects, as a phrase. */
  readonly protects: string;
  /** What to do about a finding, as a sentence. */
  readonly remedy: string;
  /** Whether an object is judged by itself, or only all of a stack together. */
  readonly judges: "each object" | "the whole stack";
  readonly check: (objects: readonly KubernetesObject[], context: Context) => Finding[];
}

/** A rule that judges each object by itself. */
export const ruleOfObjects = (
  rule: Omit<Rule, "judges" | "check">,
  check: (object: KubernetesObject, context: Context) => string[],
): Rule => ({
  ...rule,
  judges: "each object",
  check: (objects, context) =>
    objects.flatMap((object) => check(object, context).map((found) => ({ object, found }))),
});

/** `Kind namespace/name`, as exceptions and messages name an object. */
export const nameOf = ({ kind, metadata: { namespace, name } }: KubernetesObject): string =>
  `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;

/** Whether a value has members by name. */
export const isTree = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A member's members; none where there is no such thing. */
export const tree = (value: unknown): Readonly<Record<string, unknown>> => (isTree(value) ? value : {});

/** A list's members that have members of their own. */
export const trees = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isTree) : [];

/** A text or number as text; anything else as none. */
export const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

/** A text within an object. */
export interface Text {
  /** Where it stands, such as `spec.externalName`. */
  readonly path: string;
  /** The last name on the way to it. */
  readonly key: string;
  readonly text: string;
}

/** Every text in a value, however deep, with what a Secret or `binaryData` has as base64 decoded. */
export function textsIn(value: unknown, path: readonly string[] = []): Text[] {
  const key = path.at(-1) ?? "";
  if (typeof value === "string") return [{ path: path.join("."), key, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, String(index)]));
  return Object.entries(tree(value)).flatMap(([name, member]) => textsIn(member, [...path, name]));
}

/** An object with the base64 of a Secret's `data`, and of any `binaryData`, as the text it stands for. */
export function decoded(object: KubernetesObject): KubernetesObject {
  const encoded = object.kind === "Secret" ? ["data", "binaryData"] : ["binaryData"];
  return Object.fromEntries(
    Object.entries(object).map(([field, value]) => [
      field,
      encoded.includes(field)
        ? Object.fromEntries(Object.entries(tree(value)).map(([key, text]) => [key, fromBase64(text)]))
        : value,
    ]),
  ) as unknown as KubernetesObject;
}

const fromBase64 = (text: unknown): unknown =>
  typeof text === "string" ? Buffer.from(text, "base64").toString("utf8") : text;

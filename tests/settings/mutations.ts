import fc from "fast-check";
import { referenceSections } from "../../assembly/bundle.ts";
import { environments, readStackFile } from "../../engine/stack-files.ts";
import { secretSettings } from "../../settings.ts";
import { defaultOf, keysBelow, settings as schema, type JsonSchema } from "../../settings/json-schema.ts";
import { strip } from "../../settings/keys.ts";
import { schema as settingsSchema } from "../../settings/schema.ts";

/** The way to a setting: `tempo.retention` is `["tempo", "retention"]`. */
export type Path = readonly string[];

/** Settings as a stack file has them, section by section. */
export type Values = Readonly<Record<string, unknown>>;

/** Settings that were changed, and where. */
export interface Mutated {
  readonly stack: string;
  readonly values: Values;
  readonly paths: readonly Path[];
  /** What no message may repeat. */
  readonly secret: string;
}

/** Every key of the schema, sections among them, once. */
export const keys: readonly Path[] = [
  ...new Map(keysBelow(schema).map((path) => [path.join("."), path])).values(),
  ...Object.keys(secretSettings).map((key) => [key]),
];

/** The keys that have a value rather than keys of their own. */
export const leaves = keys.filter((path) => !keys.some((other) => isBelow(other, path)));

function isBelow(path: Path, section: Path): boolean {
  return path.length > section.length && section.every((name, index) => path[index] === name);
}

/** Values that some key or other takes, one at least for each. */
export const good: readonly unknown[] = [
  ...keys.flatMap((path) =>
    partsAt(path).flatMap(({ enum: choices = [], const: only }) => [...choices, only]),
  ),
  ...[true, false, 1, 97, 4321, "name-7", "other7", "UPPER_7", "a name of words"],
  ...["2s", "10s", "90s", "36h", "90d", "3", "750m", "3Gi", "30Gi", "300Mi", "20Mi"],
  ...["https://h7.example.org/p7", "http://svc7.ns7.svc:9090", "h7.example.org:9000", "svc7.ns7.svc:9093"],
  `r7.example.org/grafana/tempo:3.0.3@sha256:${"7".repeat(64)}`,
  ...[["10.96.0.10/32"], ["ns7-a", "ns7-b"], { "example.org/app": "v7" }],
  [{ "example.org/app": "v7" }],
].filter((value) => value !== undefined);

/** Of the schema of a key, with the limits that JSON Schema has words for. */
type Part = JsonSchema & Partial<Readonly<Record<"minLength" | "maxLength" | "minimum" | "maximum", number>>>;

/** What the schema says of a key, once for each form that its section may take. */
function partsAt(path: Path): Part[] {
  return path.reduce<Part[]>(
    (parts, name) =>
      parts.flatMap((part) =>
        [part, ...(part.oneOf ?? [])].flatMap(({ properties }) => properties?.[name] ?? []),
      ),
    [schema],
  );
}

/** Whether a key takes one of a few words, which decide rather than appear. */
export const isChoice = (path: Path): boolean =>
  partsAt(path).some((part) => part.enum !== undefined || part.const !== undefined);

/** A copy with another value at a path; without the key when that is undefined. */
export function put(tree: unknown, [name, ...rest]: Path, value: unknown): unknown {
  if (name === undefined) return value;
  const members = copyOf(tree, name);
  const below = put(at(tree, [name]), rest, value);
  if (below === undefined && Array.isArray(members)) members.splice(Number(name), 1);
  else if (below === undefined) Reflect.deleteProperty(members, name);
  else
    Object.defineProperty(members, name, {
      value: below,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return members;
}

function copyOf(tree: unknown, name: string): object {
  if (Array.isArray(tree) && /^\d+$/.test(name)) return [...(tree as unknown[])];
  return typeof tree === "object" && tree !== null && !Array.isArray(tree) ? { ...tree } : {};
}

/** The value at a path; undefined where there is none. */
export function at(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined,
    tree,
  );
}

/** The settings without those that are secrets, which Pulumi keeps by themselves. */
export function withoutSecrets(values: Values): Values {
  return Object.keys(secretSettings).reduce((rest, key) => put(rest, [key], undefined) as Values, values);
}

const isTaken = (values: unknown): boolean =>
  settingsSchema.safeParse(withoutSecrets(values as Values)).success;

/** Whether a value is another than the one that a key has. */
const isOther = (values: Values, path: Path) => {
  const present = JSON.stringify(at(values, path) ?? defaultOf(path));
  return (value: unknown) => JSON.stringify(value) !== present;
};

const committed = environments().map((environment): Values => {
  const entries = Object.entries(readStackFile(environment).config);
  return Object.fromEntries(entries.map(([key, value]) => [strip(key)!, value]));
});

/** Settings with every key that there can be beside the others. */
const rich = referenceSections.map((sections) =>
  leaves.reduce<Values>(
    (values, path) => {
      if (at(values, path) !== undefined) return values;
      const candidates = good
        .filter(isOther(values, path))
        .map((value) => put(values, path, value) as Values);
      return candidates.find(isTaken) ?? values;
    },
    { environment: "dev", openobservePassword: { secure: "v1:c29tZXRoaW5n" }, ...sections },
  ),
);

/** Settings to start from: all are right. */
export const bases: readonly Values[] = [...committed, ...rich];

const known = new Map<string, unknown[]>();

/** Good values of a key of one of the {@link bases}, but for the one that it has. */
export function alternatives(base: Values, path: Path): unknown[] {
  const key = [bases.indexOf(base), ...path].join(".");
  const values =
    known.get(key) ?? good.filter(isOther(base, path)).filter((value) => isTaken(put(base, path, value)));
  known.set(key, values);
  return values;
}

const hostile: readonly unknown[] = [
  // What YAML, of one version or the other, takes for no text.
  ...["on", "no", "y", "1_0", "0o17", "1:30", "2026-01-01", "<<", "=", "1e3", ".5"],
  ...["", " ", "~", "null", "true", "0", "-1", "1e400", "0x10", "NaN", "{}", "[]", "{ a", "[secret]"],
  ...[
    '"',
    "'",
    "`",
    "\\",
    "a\nb",
    "a\r\nb",
    "\0",
    "\u001b[31m",
    "\u0085",
    "\u2028",
    "\u202e",
    "\ufeff",
    "\ud800",
    "\udfff x",
  ],
  ...[
    "${X}",
    "${",
    "$X",
    "$user",
    "$$",
    "$__file{/etc/passwd}",
    "[[user]]",
    "{{",
    "{{ .Values.x }}",
    "%s",
    "<b>",
    "*a",
    "!!x y",
  ],
  ...[
    "../../etc",
    "/etc",
    "kube-system",
    "default",
    "tracing",
    "monitoring",
    "__proto__",
    "constructor",
    "toString",
  ],
  ...[
    '" || true || "',
    "'; --",
    "http://[::1",
    "http://a:99999",
    "https://evil.example.org/x",
    "//evil.example.org",
  ],
  ...[
    "0s",
    "1ns",
    "0.4ms",
    "3650d",
    "3651d",
    "5",
    "1m",
    "1Ei",
    "9Ei",
    "1e18",
    "0.0001",
    "1Mi",
    "100m",
    "1GB",
    "-1Gi",
  ],
  ...[0, -0, -1, 0.1, 1000, 999, 2 ** 31, 2 ** 32, 2 ** 53, 1e308, NaN, Infinity, -Infinity],
  ...[null, true, false, [], {}, [[]], [null], [{}], [""], { "": "" }, { a: null }, { "a b": "c" }],
  ...[
    "x".repeat(64),
    "x".repeat(201),
    "x".repeat(254),
    "x".repeat(10_000),
    Array.from({ length: 300 }, () => "a"),
  ],
  JSON.parse('{"__proto__": {"app": "x"}}'),
];

/** Names of keys that nobody knows, or that JavaScript knows too well. */
const strangeNames: readonly string[] = [
  ...[
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "",
    " ",
    "0",
    "a.b",
    "a:b",
    "retenton",
    "Tempo",
  ],
  ...[
    "a\nb",
    "\0",
    "\u001b[2J",
    "\u0085",
    "\ud800",
    "${X}",
    "{{",
    '"',
    "`",
    "x".repeat(5000),
    "urls",
    "environment",
  ],
];

/** Forms in which people write secrets where none belongs. */
const secretForms: readonly ((secret: string) => unknown)[] = [
  (secret) => `https://admin:${secret}@h7.example.org/p`,
  (secret) => `https://${secret}@h7.example.org`,
  (secret) => `https://admin:a/${secret}@h7.example.org`,
  (secret) => `https://admin:${secret}/@b@h7.example.org:99999`,
  (secret) => `https://admin:${secret}"\n \`'@h7.example.org`,
  (secret) => `https://admin:${"x".repeat(1200)}${secret}@h7.example.org`,
  (secret) => `admin:${secret}@h7.example.org:9000`,
  (secret) => `HTTPS://admin:${secret}@h7.example.org`,
  (secret) => `https://h7.example.org/?token=${secret}`,
  (secret) => `https://h7.example.org/p#${secret}`,
  (secret) => `Bearer ${secret}`,
  (secret) => ({ user: "admin", password: secret }),
  (secret) => ({ username: "admin", token: `${secret}!` }),
  (secret) => [{ apiKey: secret }, `https://u:${secret}@h7.example.org`],
];

const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 30 });

/** A key of the schema, what is in a list or a map, or a key that nobody knows. */
const path: fc.Arbitrary<Path> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...leaves) },
  { weight: 2, arbitrary: fc.constantFrom(...keys) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom<Path>([], ...keys), fc.oneof(fc.constantFrom(...strangeNames), anyText))
      .map(([section, name]) => [...section, name]),
  },
);

/** What is right, with something before, in or after it. */
const spoiled = fc
  .tuple(fc.constantFrom(...good), fc.constantFrom(...hostile), fc.nat(40))
  .map(([value, text, place]) => {
    const right = String(value);
    return right.slice(0, place) + String(text) + right.slice(place);
  });

/** A value for a key, which may depend on the settings that are changed. */
type Maker = (base: Values, path: Path) => unknown;

const makers = (secret: string): fc.Arbitrary<Maker> => {
  const constant = (values: fc.Arbitrary<unknown>): fc.Arbitrary<Maker> => values.map((value) => () => value);
  return fc.oneof(
    { weight: 4, arbitrary: constant(fc.constantFrom(...good)) },
    { weight: 4, arbitrary: constant(fc.constantFrom(...hostile)) },
    { weight: 3, arbitrary: constant(fc.constantFrom(...secretForms).map((form) => form(secret))) },
    { weight: 2, arbitrary: constant(spoiled) },
    { weight: 1, arbitrary: constant(anyText) },
    { weight: 1, arbitrary: constant(fc.jsonValue()) },
    { weight: 1, arbitrary: constant(fc.constant(undefined)) },
    // Another key's value.
    {
      weight: 1,
      arbitrary: fc.constantFrom(...keys).map(
        (other): Maker =>
          (values) =>
            at(values, other),
      ),
    },
    // What is just within the key's limits, or just without.
    {
      weight: 1,
      arbitrary: fc.nat().map(
        (index): Maker =>
          (_values, path) =>
            pick(limits(path), index),
      ),
    },
    // One of the values that the key takes beside the others.
    {
      weight: 4,
      arbitrary: fc.nat().map(
        (index): Maker =>
          (values, path) =>
            pick(alternatives(values, path), index),
      ),
    },
  );
};

const pick = (all: readonly unknown[], index: number): unknown => all[index % all.length];

/** Values at the limits that the schema states of a key. */
const limits = (path: Path): unknown[] =>
  partsAt(path).flatMap(({ minLength, maxLength, minimum, maximum }) => [
    ...[minLength, maxLength]
      .filter((length) => length !== undefined)
      .flatMap((length) => ["x".repeat(length), "x".repeat(length + 1), "x".repeat(Math.max(0, length - 1))]),
    ...[minimum, maximum]
      .filter((limit) => limit !== undefined)
      .flatMap((limit) => [limit, limit - 1, limit + 1]),
  ]);

/** Settings with one to four changes. */
export const mutated: fc.Arbitrary<Mutated> = fc
  .nat(0xffff_ffff)
  .map((number) => `hunter2${number.toString(36)}`)
  .chain((secret) =>
    fc
      .tuple(
        fc.constantFrom(...bases),
        fc.oneof(
          { weight: 3, arbitrary: fc.array(fc.tuple(path, makers(secret)), { minLength: 1, maxLength: 1 }) },
          { weight: 2, arbitrary: fc.array(fc.tuple(path, makers(secret)), { minLength: 2, maxLength: 4 }) },
        ),
      )
      .map(([base, changes]) => ({
        stack: base["environment"] as string,
        values: changes.reduce<Values>(
          (values, [path, make]) => put(values, path, make(base, path)) as Values,
          base,
        ),
        paths: changes.map(([path]) => path),
        secret,
      })),
  );

import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { UserError } from "./errors.ts";
import { closestKey, defaultOf } from "./settings/json-schema.ts";
import {
  keyOf,
  printable,
  projectName,
  secretPlaceholder,
  shorten,
  strip,
  unknownKeys,
} from "./settings/keys.ts";
import { schema, type Settings } from "./settings/schema.ts";
import { secretsIn, isSecretName } from "./settings/secrets.ts";
import type { Conflict } from "./settings/values.ts";

export type { Settings } from "./settings/schema.ts";

/** Settings that are secrets: never part of {@link Settings}, so never in a rendered file or an output. */
export interface Secrets {
  /** OpenObserve's password, when it is kept in the stack and not in Grafana's environment. */
  readonly openobservePassword: pulumi.Output<string> | undefined;
}

/** The secret settings, each a key of its own, since Pulumi keeps secrets by key. */
export const secretSettings = {
  openobservePassword:
    "Password of OpenObserve, in place of Grafana's environment variable openobserve.passwordEnv. With delivery api it is needed.",
} as const satisfies Record<keyof Secrets, string>;

/**
 * Reads the stack's configuration: the only place that does.
 *
 * @throws UserError that names every bad key, what came and what is wanted.
 */
export function readSettings(): { settings: Settings; secrets: Secrets } {
  const config = new pulumi.Config(projectName);
  const misplaced = unknownKeys(Object.keys(pulumi.runtime.allConfig()));
  if (misplaced.length > 0) throw new UserError(refusal(misplaced));
  const values = Object.fromEntries(
    Object.keys(pulumi.runtime.allConfig())
      .map(strip)
      .filter((name) => name && !Object.hasOwn(secretSettings, name))
      .map((name) => [name, plain(config.require(name!))]),
  ) as Record<string, unknown>;
  const secrets = { openobservePassword: config.getSecret("openobservePassword") };
  const settings = parseSettings(values);
  checkStack(settings);
  checkCredentials(settings, secrets);
  return { settings, secrets };
}

/** Else traces, metrics and the gate would go by a name that is another stack's. */
function checkStack({ environment }: Settings): void {
  const stack = pulumi.getStack();
  if (environment === stack) return;
  throw new UserError(
    refusal([
      `${keyOf(["environment"])}: got ${show(environment, ["environment"])}, want the stack's name, "${stack}"`,
    ]),
  );
}

/** Grafana fills variables in only where it reads files, not where it is told over its API. */
function checkCredentials({ grafana, openobserve }: Settings, { openobservePassword }: Secrets): void {
  if (grafana.delivery !== "api") return;
  const needed = { "openobserve.user": openobserve.user, openobservePassword };
  const missing = Object.entries(needed).filter(([, value]) => value === undefined);
  if (missing.length === 0) return;
  const problem = (key: string) =>
    `${keyOf([key])}: got nothing, want it set, because grafana.delivery is api`;
  throw new UserError(refusal(missing.map(([key]) => problem(key))));
}

/**
 * Checks settings and fills in defaults.
 *
 * @throws UserError with one line for each problem.
 */
export function parseSettings(values: unknown): Settings {
  const result = schema.safeParse(values);
  const others = misplaced(values);
  if (result.success && others.length === 0) return result.data;
  // The first of a key's problems: what comes after it may only follow from it.
  const problems = new Map(
    [...(result.error?.issues.flatMap((issue) => describe(issue, values)) ?? []), ...others].reverse(),
  );
  throw new UserError(refusal([...problems.values()].reverse()));
}

function refusal(problems: readonly string[]): string {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return `The stack's settings have ${count}:\n${problems.map((line) => `  - ${line}`).join("\n")}`;
}

/** One line for each key that is to blame. */
function describe(issue: z.core.$ZodIssue, values: unknown): [key: string, line: string][] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey([...issue.path.map(String), key]));
  }
  const { path, message } = toBlame(issue, values);
  const wanted =
    issue.code === "invalid_type" && issue.expected === "object" ? "a section with keys of its own" : message;
  const found = at(values, path);
  const got = found === undefined ? defaultOf(path.map(String)) : found;
  const isDefault = found === undefined && got !== undefined;
  const key = keyOf(path);
  return [[key, `${key}: got ${show(got, path)}${isDefault ? " (the default)" : ""}, want ${wanted}`]];
}

/** Of settings that do not go together, the one that the person wrote. */
function toBlame(issue: z.core.$ZodIssue, values: unknown): Conflict {
  const sides =
    (issue.code === "custom" ? (issue.params?.["sides"] as Conflict[] | undefined) : undefined) ?? [];
  const path = issue.path as (string | number)[];
  const prefix = path.slice(0, path.length - (sides[0]?.path.length ?? 0));
  const written = sides.find((side) => at(values, [...prefix, ...side.path]) !== undefined);
  return written
    ? { path: [...prefix, ...written.path], message: written.message }
    : { path, message: issue.message };
}

/** A key that nobody knows, with the one that was probably meant. */
function unknownKey(path: readonly string[]): [key: string, line: string] {
  const key = keyOf(path);
  const meant = closestKey(path);
  if (meant === path.join(".")) return [key, `${key} has no meaning with what is set beside it`];
  const advice = meant ? `did you mean ${meant}?` : "see docs/settings.md for the keys there are";
  return [key, `${key} is unknown; ${advice}`];
}

/** Every value below another, with the way to it; those too that the parser leaves out without a word. */
const membersOf = (
  value: unknown,
  path: readonly string[] = [],
): [path: readonly string[], value: unknown][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, below]) => [
        [[...path, key], below] as [readonly string[], unknown],
        ...membersOf(below, [...path, key]),
      ])
    : [];

/** What no schema of a single key refuses. */
const misplaced = (values: unknown): [key: string, line: string][] =>
  membersOf(values).flatMap(([path, value]): [key: string, line: string][] => {
    if (path.at(-1) === "__proto__") return [unknownKey(path)];
    if (typeof value !== "string") return [];
    const [what] = value.includes(secretPlaceholder) ? [`"${secretPlaceholder}"`] : secretsIn(value);
    const wanted = `no secret and nothing in place of one: ${what} would stand in manifests`;
    return what === undefined
      ? []
      : [[keyOf(path), `${keyOf(path)}: got ${show(value, path)}, want ${wanted}`]];
  });

const at = (values: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    values,
  );

/** A value as it came, in one short line, without what may be a secret. */
function show(value: unknown, path: readonly PropertyKey[]): string {
  if (value === undefined) return "nothing";
  const name = String(path.at(-1) ?? "");
  const whole = masked(name, value);
  if (whole === hidden) return hidden;
  const shown = (key: string, member: unknown): unknown => masked(key === "" ? name : key, member);
  const text = typeof value === "number" ? String(whole) : JSON.stringify(value, shown);
  return shorten(printable(text), 80);
}

const hidden = "…";

/** Without what may be a secret: by its name, by its shape, or before an `@` or in the query of an address. */
function masked(name: string, value: unknown): unknown {
  // Of what only names a secret, too: somebody may have written the secret there.
  if (value !== null && (isSecretName(name) || /pass|secret/i.test(name))) return hidden;
  if (typeof value !== "string") return value;
  if (secretsIn(value).length > 0 && !value.includes("://")) return hidden;
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1…@").replace(/([?#]).*$/s, "$1…");
}

/** Pulumi hands objects and lists over as JSON, everything else as text. */
function plain(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

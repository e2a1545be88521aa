import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { UserError } from "./errors.ts";
import { closestKey, defaultOf } from "./settings/json-schema.ts";
import { projectName, qualify, strip, unknownKeys } from "./settings/keys.ts";
import { schema, type Settings } from "./settings/schema.ts";
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
    refusal([`${keyOf(["environment"])}: got ${show(environment)}, want the stack's name, "${stack}"`]),
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
  const polluted = keysNamed("__proto__", values).map((path) => unknownKey(path));
  if (result.success && polluted.length === 0) return result.data;
  // The first of a key's problems: what comes after it may only follow from it.
  const problems = new Map(
    [...(result.error?.issues.flatMap((issue) => describe(issue, values)) ?? []), ...polluted].reverse(),
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
  const meant = closestKey(path);
  const advice = meant ? `did you mean ${meant}?` : "see docs/settings.md for the keys there are";
  const key = keyOf(path);
  return [key, `${key} is unknown; ${advice}`];
}

/** Where a key of this name stands; for one that the parser leaves out without a word. */
function keysNamed(name: string, value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) =>
    key === name ? [[...path, key]] : keysNamed(name, below, [...path, key]),
  );
}

const keyOf = (path: readonly PropertyKey[]): string => qualify(path.map(String).join("."));

const at = (values: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    values,
  );

/**
 * A value as it came, in short, without what may be a secret: what stands before an `@` or in a URL's query, and in place
 * of the name of what holds a password.
 */
function show(value: unknown, path: readonly PropertyKey[] = []): string {
  if (value === undefined) return "nothing";
  if (value !== null && /password|secret/i.test(String(path.at(-1)))) return "…";
  const text = (typeof value === "number" ? String(value) : JSON.stringify(value)).slice(0, 1000);
  const masked = text.replace(/[^"/@\s]*@/g, "…@").replace(/\?[^"\s]*/g, "?…");
  return masked.length > 80 ? `${masked.slice(0, 77)}…` : masked;
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

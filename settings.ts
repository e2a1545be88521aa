import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { UserError } from "./errors.ts";
import { projectName, qualify, strip } from "./settings/keys.ts";
import { schema, type Settings } from "./settings/schema.ts";

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
  const values: Record<string, unknown> = {};
  for (const key of Object.keys(pulumi.runtime.allConfig())) {
    const name = strip(key);
    if (name && !Object.hasOwn(secretSettings, name)) values[name] = plain(config.require(name));
  }
  const secrets = { openobservePassword: config.getSecret("openobservePassword") };
  const settings = parseSettings(values);
  checkCredentials(settings, secrets);
  return { settings, secrets };
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
  const result = schema.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  throw new UserError(refusal(result.error.issues.flatMap((issue) => describe(issue, values))));
}

function refusal(problems: readonly string[]): string {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return `The stack's settings have ${count}:\n${problems.map((line) => `  - ${line}`).join("\n")}`;
}

function describe(issue: z.core.$ZodIssue, values: unknown): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) => `${keyOf([...issue.path, key])} is unknown; see docs/settings.md for the keys there are`,
    );
  }
  const wanted =
    issue.code === "invalid_type" && issue.expected === "object"
      ? "a section with keys of its own"
      : issue.message;
  return [`${keyOf(issue.path)}: got ${show(at(values, issue.path))}, want ${wanted}`];
}

const keyOf = (path: readonly PropertyKey[]): string => qualify(path.map(String).join("."));

const at = (values: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], values);

const show = (value: unknown): string => {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};

/** Pulumi hands objects and lists over as JSON, everything else as text. */
function plain(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

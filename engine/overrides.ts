import { qualify } from "../settings/keys.ts";
import { defaultOf, shown } from "../settings/json-schema.ts";
import { readStackFile, type ConfigValue } from "./stack-files.ts";

/** Values by key; a section is a tree of its own. */
export interface SettingsTree {
  readonly [key: string]: unknown;
}

/** Whether a value is a section: keys with values. */
export const isTree = (value: unknown): value is SettingsTree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Lays one tree over another: sections are merged, everything else is replaced, and what is undefined is taken away. */
export function merge(base: SettingsTree, over: SettingsTree): SettingsTree {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    if (value === undefined) delete merged[key];
    else merged[key] = isTree(value) ? merge(isTree(below) ? below : {}, value) : value;
  }
  return merged;
}

/**
 * The configuration of an environment with other settings laid over it, such as `{ cluster: { context: "prod" } }`, as
 * `renderConfig` takes it.
 *
 * @throws UserError when there is no such environment
 */
export function withOverrides(environment: string, overrides: SettingsTree): Record<string, ConfigValue> {
  return merge(readStackFile(environment).config, qualified(overrides)) as Record<string, ConfigValue>;
}

/** Settings with the keys that a stack file has them by. */
export const qualified = (settings: SettingsTree): SettingsTree =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [qualify(key), value]));

/**
 * What settings change that are laid over those of a stack file: each key with the value before and after, and nothing
 * for what stays as it is.
 */
export function changedSettings(
  file: Readonly<Record<string, unknown>>,
  overrides: SettingsTree,
): [key: string, change: string][] {
  return leavesOf(overrides).flatMap(([path, after]): [string, string][] => {
    const [section, ...rest] = path as [string, ...string[]];
    const written = at(file[qualify(section)], rest);
    const [before, now] = [written ?? (after === undefined ? undefined : defaultOf(path)), after].map(
      (value) => (value === undefined ? "not set" : shown(value)),
    );
    return before === now ? [] : [[path.join("."), `${before} → ${now}`]];
  });
}

function leavesOf(tree: SettingsTree, above: readonly string[] = []): [path: string[], value: unknown][] {
  return Object.entries(tree).flatMap(([name, value]): [string[], unknown][] =>
    isTree(value) ? leavesOf(value, [...above, name]) : [[[...above, name], value]],
  );
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce((below, name) => (isTree(below) ? below[name] : undefined), value);

import { isTree, merge, type SettingsTree } from "./project.ts";
import { defaultOf, shown } from "../settings/json-schema.ts";
import { readStackFile, type ConfigValue } from "./stack-files.ts";

const project = "llm-tracing:";

/**
 * The configuration of an environment with other settings laid over it, such as `{ cluster: { context: "prod" } }`, as
 * `renderEnvironment` takes it.
 *
 * @throws UserError when there is no such environment
 */
export function withOverrides(environment: string, overrides: SettingsTree): Record<string, ConfigValue> {
  const keyed = Object.entries(overrides).map(([key, value]) => [project + key, value]);
  const config = merge(readStackFile(environment), Object.fromEntries(keyed) as SettingsTree);
  return config as Record<string, ConfigValue>;
}

/**
 * What settings change that are laid over those of a stack file: each key with the value before and after, and nothing
 * for what stays as it is.
 */
export function changedSettings(
  file: Readonly<Record<string, unknown>>,
  overrides: SettingsTree,
): [key: string, change: string][] {
  return leavesOf(overrides).flatMap(([path, after]): [string, string][] => {
    const [section, ...rest] = path;
    const before = at(file[`${project}${section}`], rest) ?? defaultOf(path);
    const from = before === undefined ? "not set" : shown(before);
    return from === shown(after) ? [] : [[path.join("."), `${from} → ${shown(after)}`]];
  });
}

function leavesOf(tree: SettingsTree, above: readonly string[] = []): [path: string[], value: unknown][] {
  return Object.entries(tree).flatMap(([name, value]): [string[], unknown][] =>
    isTree(value) ? leavesOf(value, [...above, name]) : [[[...above, name], value]],
  );
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce((below, name) => (isTree(below) ? below[name] : undefined), value);

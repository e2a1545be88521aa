import { tempoArgs } from "../../../assembly/wiring.ts";
import { tempoConfig } from "../../../components/tempo/config.ts";
import { parseSettings } from "../../../settings.ts";

const settingsOf = (sections: Record<string, unknown>) => parseSettings({ environment: "dev", ...sections });

/** The configuration, flat: `a.b.0.c` → value. */
export function configOf(sections: Record<string, unknown> = {}): ReadonlyMap<string, unknown> {
  return flat(tempoConfig(tempoArgs(settingsOf(sections))));
}

/** A tree, flat: `a.b.0.c` → value. */
export const flat = (value: unknown): ReadonlyMap<string, unknown> => new Map(flatten(value, ""));

const flatten = (value: unknown, path: string): [string, unknown][] =>
  value !== null && typeof value === "object"
    ? Object.entries(value).flatMap(([key, member]) => flatten(member, path ? `${path}.${key}` : key))
    : [[path, value]];

/** Values below a path, in order. */
export const listAt = (config: ReadonlyMap<string, unknown>, path: string): unknown[] =>
  [...config].filter(([key]) => key.startsWith(`${path}.`)).map(([, value]) => value);

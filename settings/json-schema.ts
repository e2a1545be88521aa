import leven from "leven";
import { z } from "zod";
import { schema } from "./schema.ts";

/** The part of JSON Schema that zod writes for our settings. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
}

/** All settings as JSON Schema: of what a person writes, not of what the program makes of it. */
export const settings = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;

/** What a setting is when nobody sets it, as a person would write it; undefined where that depends on others. */
export function defaultOf(path: readonly string[]): unknown {
  let member: JsonSchema | undefined = settings;
  for (const name of path) member = member?.properties?.[name];
  return member?.default;
}

/** Every key there is below a part of the schema, from the top: `tempo.storage.bucket`. */
export const keysBelow = (
  { properties = {}, oneOf = [] }: JsonSchema,
  prefix: readonly string[] = [],
): string[][] => [
  ...Object.entries(properties).flatMap(([name, member]) => [
    [...prefix, name],
    ...keysBelow(member, [...prefix, name]),
  ]),
  ...oneOf.flatMap((option) => keysBelow(option, prefix)),
];

/** The key that was probably meant: one that is spelled much the same beside it, or the same elsewhere. */
export function closestKey(path: readonly string[]): string | undefined {
  const name = path.at(-1)!;
  const section = path.slice(0, -1).join(".");
  const keys = keysBelow(settings);
  const near = keys
    .filter((key) => key.slice(0, -1).join(".") === section)
    .map((key) => ({ key, distance: leven(key.at(-1)!.toLowerCase(), name.toLowerCase()) }))
    .filter(({ key, distance }) => distance <= Math.max(1, Math.floor(key.at(-1)!.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .map(({ key }) => key);
  const meant = near[0] ?? keys.find((key) => key.at(-1) === name);
  return meant?.join(".");
}

/** A value in one line, as a person would write it. */
export const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

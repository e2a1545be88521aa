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

/** A value in one line, as a person would write it. */
export const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

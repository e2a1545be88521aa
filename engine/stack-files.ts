import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { UserError } from "../errors.ts";

/** Folder of the project. */
export const projectFolder = join(import.meta.dirname, "..");

/** A value of a stack's configuration, as `Pulumi.<environment>.yaml` has it. */
export type ConfigValue =
  string | number | boolean | readonly unknown[] | { readonly [key: string]: unknown };

/** Names of the environments that have a `Pulumi.<environment>.yaml`. */
export const environments = (): string[] =>
  readdirSync(projectFolder)
    .map((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();

/**
 * The configuration of an environment, key by key (`llm-tracing:tempo`).
 *
 * @throws UserError when the environment has no file, or it is no YAML.
 */
export function readStackFile(environment: string): Record<string, ConfigValue> {
  const file = `Pulumi.${environment}.yaml`;
  const path = join(projectFolder, file);
  if (!existsSync(path)) {
    throw new UserError(
      `There is no environment "${environment}": ${file} is missing. There are: ${environments().join(", ")}.`,
      2,
    );
  }
  try {
    const { config } = (parse(readFileSync(path, "utf8")) ?? {}) as { config?: Record<string, ConfigValue> };
    return config ?? {};
  } catch (error) {
    throw new UserError(`${file} is no valid YAML: ${(error as Error).message}`);
  }
}

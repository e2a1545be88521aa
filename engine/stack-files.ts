import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { UserError } from "../errors.ts";

/** Folder of the project. */
export const projectFolder = join(import.meta.dirname, "..");

/** A value of a stack's configuration, as `Pulumi.<environment>.yaml` has it. */
export type ConfigValue =
  string | number | boolean | readonly unknown[] | { readonly [key: string]: unknown };

/** What Pulumi notes in a stack file to decrypt the secrets in it. */
export interface Encryption {
  readonly encryptionsalt?: string;
  readonly encryptedkey?: string;
  readonly secretsprovider?: string;
}

/** A `Pulumi.<environment>.yaml`. */
export interface StackFile extends Encryption {
  /** Key by key, such as `llm-tracing:tempo`. */
  readonly config: Readonly<Record<string, ConfigValue>>;
}

/** Names of the environments that have a `Pulumi.<environment>.yaml`. */
export const environments = (): string[] =>
  readdirSync(projectFolder)
    .map((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();

/**
 * The stack file of an environment.
 *
 * @throws UserError when the environment has none, or it is no YAML
 */
export function readStackFile(environment: string): StackFile {
  const file = `Pulumi.${environment}.yaml`;
  const path = join(projectFolder, file);
  if (!existsSync(path)) {
    throw new UserError(
      `There is no environment "${environment}": ${file} is missing. There are: ${environments().join(", ")}.`,
      2,
    );
  }
  try {
    const { config, ...encryption } = (parse(readFileSync(path, "utf8")) ?? {}) as Partial<StackFile>;
    return { ...encryption, config: config ?? {} };
  } catch (error) {
    throw new UserError(`${file} is no valid YAML: ${(error as Error).message}`);
  }
}

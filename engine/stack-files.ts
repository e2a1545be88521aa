import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import { unknownKeys } from "../settings/keys.ts";
import { parseDocuments } from "./yaml.ts";

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
    .filter((file) => isFile(join(projectFolder, file)))
    .map((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();

/**
 * The stack file of an environment.
 *
 * @throws UserError when the environment has none, or it is no stack file
 */
export function readStackFile(environment: string): StackFile {
  const file = `Pulumi.${environment}.yaml`;
  const path = join(projectFolder, file);
  if (!isFile(path)) {
    throw new UserError(
      `There is no environment "${environment}": ${file} is missing. There are: ${environments().join(", ")}.`,
      2,
    );
  }
  return parseStackFile(file, readFileSync(path, "utf8"));
}

/**
 * A stack file's text, read.
 *
 * @param file - Its name, for the words of an error.
 * @throws UserError when it is no stack file
 */
export function parseStackFile(file: string, text: string): StackFile {
  const [content = {}, ...more] = parseDocuments(file, text);
  if (more.length > 0) throw new UserError(`${file} is no stack file: want one document.`);
  if (!isMapping(content))
    throw new UserError(`${file} is no stack file: want keys with values, such as config.`);
  const { config, ...encryption } = content as Partial<StackFile>;
  if (!isMapping(config ?? {})) throw new UserError(`${file}: config is no section with keys of its own.`);
  const problems = [
    ...unknownParts(content),
    ...unknownKeys(Object.keys(config ?? {})),
    ...emptyKeys(config ?? {}),
  ];
  if (problems.length > 0)
    throw new UserError(
      [`${file} cannot be read as it is meant:`, ...problems.map((line) => `  - ${line}`)].join("\n"),
    );
  return { ...encryption, config: config ?? {} };
}

/** What a stack file may have beside its configuration. Source: pulumi/pulumi, sdk/go/common/workspace/project.go. */
const parts = ["config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"];

const unknownParts = (content: object): string[] =>
  Object.keys(content)
    .filter((key) => !parts.includes(key))
    .map(
      (key) =>
        `${key} is unknown; ${key.includes(":") ? "it belongs below config" : `want one of ${parts.join(", ")}`}`,
    );

const emptyKeys = (config: object): string[] =>
  Object.entries(config)
    .filter(([, value]) => value === null)
    .map(([key]) => `${key} is empty; give it a value, or leave it out`);

const isMapping = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

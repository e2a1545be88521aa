import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { UserError } from "../errors.ts";

const project = fileURLToPath(new URL("..", import.meta.url));

/** Values by key; a section is a tree of its own. */
export interface SettingsTree {
  [key: string]: unknown;
}

/** A stack's settings file, as Pulumi has it. */
interface StackFile {
  config?: SettingsTree;
  encryptionsalt?: string;
  encryptedkey?: string;
  secretsprovider?: string;
}

/** What a folder for the Pulumi engine is made of. */
export interface ProjectOptions {
  /** Names the committed `Pulumi.<environment>.yaml`. */
  environment: string;
  /** Laid over the committed settings; keys without the project's name, such as `tempo`. */
  overrides?: SettingsTree;
  /** Folder with the Kubernetes provider; without it the Pulumi CLI finds one itself. */
  kubernetesProvider?: string;
}

/**
 * Writes `Pulumi.yaml` and the stack's settings into a folder of the engine's own, so that a run with other settings
 * leaves the committed files as they are.
 *
 * @returns the project's name
 * @throws UserError when there is no such environment
 */
export function writeProject(folder: string, options: ProjectOptions): string {
  const { environment, overrides = {}, kubernetesProvider } = options;
  const definition = readYaml<{ name: string; main?: string }>(path.join(project, "Pulumi.yaml"));
  const { main: _inline, ...rest } = definition;
  const plugins =
    kubernetesProvider === undefined
      ? {}
      : { plugins: { providers: [{ name: "kubernetes", path: kubernetesProvider }] } };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "Pulumi.yaml"), stringify({ ...rest, ...plugins }));
  writeStackFile(folder, environment, definition.name, overrides);
  return definition.name;
}

/** Lays one tree over another: sections are merged, everything else is replaced. */
export function merge(base: SettingsTree, over: SettingsTree): SettingsTree {
  const merged: SettingsTree = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isTree(below) && isTree(value) ? merge(below, value) : value;
  }
  return merged;
}

function writeStackFile(folder: string, environment: string, name: string, overrides: SettingsTree): void {
  const file = `Pulumi.${environment}.yaml`;
  const committed = path.join(project, file);
  if (!existsSync(committed)) {
    throw new UserError(
      `There is no environment "${environment}": ${file} does not exist. ENV=dev chooses Pulumi.dev.yaml.`,
    );
  }
  const { config, ...secrets } = readYaml<StackFile | null>(committed) ?? {};
  const prefixed = Object.fromEntries(
    Object.entries(overrides).map(([key, value]) => [`${name}:${key}`, value]),
  );
  const target = path.join(folder, file);
  const kept = existsSync(target) ? keysOfSecrets(readYaml<StackFile | null>(target) ?? {}) : {};
  writeFileSync(target, stringify({ ...kept, ...secrets, config: merge(config ?? {}, prefixed) }));
}

/** What Pulumi noted when it first encrypted a value of this stack; without it that value is lost. */
function keysOfSecrets({ encryptionsalt, encryptedkey, secretsprovider }: StackFile): StackFile {
  return { encryptionsalt, encryptedkey, secretsprovider };
}

function readYaml<T>(file: string): T {
  return parse(readFileSync(file, "utf8")) as T;
}

function isTree(value: unknown): value is SettingsTree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { UserError } from "../errors.ts";

const project = fileURLToPath(new URL("..", import.meta.url));

const placeholder = "secret-of-the-environment";

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
  /**
   * What becomes of encrypted settings: `keep` them for the engine to decrypt, or put a `placeholder` in their place,
   * so that a sandbox neither needs nor sees an environment's secrets.
   */
  secrets: "keep" | "placeholder";
}

/**
 * Writes `Pulumi.yaml` and the stack's settings into a folder of the engine's own, so that a run with other settings
 * leaves the committed files as they are.
 *
 * @returns the project's name
 * @throws UserError when there is no such environment
 */
export function writeProject(folder: string, options: ProjectOptions): string {
  const { environment, overrides = {}, kubernetesProvider, secrets } = options;
  const definition = readYaml<{ name: string; main?: string }>(path.join(project, "Pulumi.yaml"));
  const { main: _inline, ...rest } = definition;
  const plugins =
    kubernetesProvider === undefined
      ? {}
      : { plugins: { providers: [{ name: "kubernetes", path: kubernetesProvider }] } };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "Pulumi.yaml"), stringify({ ...rest, ...plugins }));
  const own = Object.fromEntries(
    Object.entries(overrides).map(([key, value]) => [`${definition.name}:${key}`, value]),
  );
  const { config = {}, ...encryption } = readStackFile(environment);
  const target = path.join(folder, `Pulumi.${environment}.yaml`);
  const shown = secrets === "keep" ? config : withPlaceholders(config);
  const keys = { ...keysOfSecrets(target), ...(secrets === "keep" ? encryption : {}) };
  writeFileSync(target, stringify({ ...keys, config: merge(shown, own) }));
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

function readStackFile(environment: string): StackFile {
  const file = `Pulumi.${environment}.yaml`;
  if (!existsSync(path.join(project, file))) {
    throw new UserError(
      `There is no environment "${environment}": ${file} does not exist. ENV=dev chooses Pulumi.dev.yaml.`,
    );
  }
  return readYaml<StackFile | null>(path.join(project, file)) ?? {};
}

/** Replaces every encrypted value, which Pulumi writes as `secure: …`. */
export function withPlaceholders(settings: SettingsTree): SettingsTree {
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(replace);
    }
    if (!isTree(value)) {
      return value;
    }
    return typeof value["secure"] === "string" ? placeholder : withPlaceholders(value);
  };
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, replace(value)]));
}

/** What Pulumi noted here when it first encrypted a value of this stack; without it that value is lost. */
function keysOfSecrets(file: string): StackFile {
  if (!existsSync(file)) {
    return {};
  }
  const { encryptionsalt, encryptedkey, secretsprovider } = readYaml<StackFile | null>(file) ?? {};
  return { encryptionsalt, encryptedkey, secretsprovider };
}

function readYaml<T>(file: string): T {
  return parse(readFileSync(file, "utf8")) as T;
}

/** Whether a value is a section: keys with values. */
export function isTree(value: unknown): value is SettingsTree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { isTree, merge, qualified, type SettingsTree } from "./overrides.ts";
import { projectFolder, readStackFile, type Encryption } from "./stack-files.ts";

const placeholder = "secret-of-the-environment";

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
 * @throws UserError when there is no such environment
 */
export function writeProject(folder: string, options: ProjectOptions): void {
  const { environment, overrides = {}, kubernetesProvider, secrets } = options;
  const { main: _inline, ...definition } = readYaml<{ main?: string }>(
    path.join(projectFolder, "Pulumi.yaml"),
  );
  const plugins =
    kubernetesProvider === undefined
      ? {}
      : { plugins: { providers: [{ name: "kubernetes", path: kubernetesProvider }] } };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "Pulumi.yaml"), stringify({ ...definition, ...plugins }));
  const { config, ...encryption } = readStackFile(environment);
  const target = path.join(folder, `Pulumi.${environment}.yaml`);
  const keep = secrets === "keep";
  const file = {
    ...notedEncryption(target),
    ...(keep && encryption),
    config: merge(keep ? config : withPlaceholders(config), qualified(overrides)),
  };
  writeFileSync(target, stringify(file));
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
function notedEncryption(file: string): Encryption {
  if (!existsSync(file)) {
    return {};
  }
  const { encryptionsalt, encryptedkey, secretsprovider } = readYaml<Encryption | null>(file) ?? {};
  return { encryptionsalt, encryptedkey, secretsprovider };
}

function readYaml<T>(file: string): T {
  return parse(readFileSync(file, "utf8")) as T;
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { ensureTools, type ToolPaths } from "../tools/ensure.ts";
import { toolPlaces } from "../tools/places.ts";
import type { ProgramName } from "../tools/programs.ts";
import { projectFolder } from "./stack-files.ts";

/** Programs the engine is made of. */
export const enginePrograms: readonly ProgramName[] = ["pulumi", "pulumi-resource-kubernetes"];

/** The engine's programs. Without a Kubernetes provider, the Pulumi CLI fetches one. */
export type EngineTools = Partial<Pick<ToolPaths, "pulumi" | "pulumi-resource-kubernetes">>;

/**
 * The engine's programs for a cluster of the user's. The user's own CLI fetches its provider; beside the one that is
 * built here, the provider is built too.
 */
export async function clusterTools(host: Parameters<typeof ensureTools>[1]): Promise<EngineTools> {
  const { pulumi } = await ensureTools(["pulumi"], host);
  return path.dirname(pulumi) === toolPlaces.bin ? ensureTools(enginePrograms, host) : { pulumi };
}

/** Where the engine keeps its state, and its environment variables. */
export interface Backend {
  /** The backend in words, for messages. */
  description: string;
  /** Folder for `Pulumi.yaml` and the stack's settings. */
  project: string;
  /** Folder whose `bin` has the engine's programs. */
  programs: string;
  /** Folder of the Kubernetes provider, where it is built here. */
  kubernetesProvider?: string;
  /** Pulumi's home; left out, the user's own. */
  home?: string;
  /** Whether encrypted settings are kept for the engine to decrypt, or replaced by a placeholder. */
  secrets: "keep" | "placeholder";
  /** Context of the kubeconfig, in place of the one that a stack's settings name. */
  context?: string;
  /** Folder of a state that only runs of this project change, one at a time. */
  ownState?: string;
  variables: Record<string, string>;
}

/**
 * The backend for a cluster of the user's: the one named by PULUMI_BACKEND_URL, else the one the user is logged in to,
 * else local files in `.pulumi-state/`.
 */
export function clusterBackend(tools: EngineTools, environment = process.env): Backend {
  const state = path.join(projectFolder, ".pulumi-state");
  const common = {
    project: path.join(state, "project"),
    secrets: "keep" as const,
    programs: linkPrograms(state, tools),
    ...withOurProvider(tools),
  };
  const base = tools["pulumi-resource-kubernetes"] === undefined ? {} : withoutDownloads;
  const chosen = environment["PULUMI_BACKEND_URL"] ?? loggedInTo(environment);
  if (chosen !== undefined) {
    return { ...common, description: chosen, variables: base };
  }
  const files = path.join(state, "state");
  const passphraseGiven = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"].some(
    (name) => environment[name] !== undefined,
  );
  return {
    ...common,
    description:
      "local files in .pulumi-state, as you are not logged in to a Pulumi backend (keep that folder)",
    variables: {
      ...base,
      ...localState(files),
      ...(passphraseGiven ? {} : { PULUMI_CONFIG_PASSPHRASE: "" }),
    },
  };
}

export const withoutDownloads = {
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  PULUMI_SKIP_UPDATE_CHECK: "true",
};

export function localState(folder: string): Record<string, string> {
  mkdirSync(folder, { recursive: true });
  // Without the file of attributes beside each checkpoint: that one is written in place, and a run that is killed meanwhile
  // leaves it empty, for which no later run reads the checkpoint ("failed to load checkpoint: EOF").
  return { PULUMI_BACKEND_URL: `file://${folder}?metadata=skip` };
}

export function withOurProvider(tools: EngineTools): Pick<Backend, "kubernetesProvider"> {
  const provider = tools["pulumi-resource-kubernetes"];
  return provider === undefined ? {} : { kubernetesProvider: path.dirname(provider) };
}

/** What `pulumi login` noted. */
function loggedInTo(environment: NodeJS.ProcessEnv): string | undefined {
  const home = environment["PULUMI_HOME"] ?? path.join(homedir(), ".pulumi");
  const file = path.join(home, "credentials.json");
  if (!existsSync(file)) {
    return undefined;
  }
  const { current } = JSON.parse(readFileSync(file, "utf8")) as { current?: string };
  return current === undefined || current === "" ? undefined : current;
}

/** Runs policy packs, in place of the language host of an installed Pulumi. */
const policyRunner = path.join(projectFolder, "tools", "pulumi-analyzer-policy-nodejs");

/** The Automation API wants a folder with `bin/pulumi`, and puts that `bin` first on the engine's PATH. */
export function linkPrograms(home: string, tools: EngineTools): string {
  const root = path.join(home, "programs");
  const bin = path.join(root, "bin");
  mkdirSync(bin, { recursive: true });
  readdirSync(bin).forEach((name) => rmSync(path.join(bin, name), { force: true }));
  for (const [name, file] of Object.entries(tools)) {
    if ((enginePrograms as readonly string[]).includes(name)) {
      symlinkSync(file, path.join(bin, name));
    }
  }
  symlinkSync(policyRunner, path.join(bin, path.basename(policyRunner)));
  return root;
}

import { openStack } from "../../sandbox/engine.ts";
import type { Backend } from "../../sandbox/backend.ts";
import { merge, type SettingsTree } from "../../sandbox/configuration.ts";
import { renderEnvironment } from "../rendering.ts";
import { readStackFile, type ConfigValue } from "../stack-files.ts";
import type { Environment } from "./promote.ts";

/** Where an environment is deployed. */
export interface Place {
  readonly backend: () => Promise<Backend>;
  /** Laid over the committed settings, such as `{ cluster: { context: "prod" } }`. */
  readonly overrides?: SettingsTree;
}

/**
 * An environment of this working tree.
 *
 * @throws UserError when there is none of that name, or its settings are refused
 */
export async function environmentAt(name: string, { backend, overrides = {} }: Place): Promise<Environment> {
  const { outputs, objects } = await renderEnvironment(name, withOverrides(name, overrides));
  return {
    name,
    release: outputs,
    promotedFrom: outputs.promotion.from,
    manifests: objects.map(({ yaml }) => yaml),
    open: async () => openStack({ environment: name, backend: await backend(), overrides }),
  };
}

function withOverrides(name: string, overrides: SettingsTree): Record<string, ConfigValue> {
  const keyed = Object.entries(overrides).map(([key, value]) => [`llm-tracing:${key}`, value]);
  return merge(readStackFile(name), Object.fromEntries(keyed) as SettingsTree) as Record<string, ConfigValue>;
}

import { openStack } from "../../engine/stack.ts";
import type { Backend } from "../../engine/backend.ts";
import { withOverrides, type SettingsTree } from "../../engine/overrides.ts";
import { renderConfig } from "../../engine/rendering.ts";
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
  const { outputs, objects } = await renderConfig(name, withOverrides(name, overrides));
  return {
    name,
    release: outputs,
    promotedFrom: outputs.promotion.from,
    manifests: objects.map(({ yaml }) => yaml),
    open: async () => openStack({ environment: name, backend: await backend(), overrides }),
  };
}

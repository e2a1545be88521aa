import { environmentAt } from "../../../cli/promote/environment.ts";
import type { Environment } from "../../../cli/promote/promote.ts";
import { type Backend } from "../../../engine/backend.ts";
import { sandboxBackend } from "../../../sandbox/backend.ts";
import { merge, type SettingsTree } from "../../../engine/overrides.ts";
import { openStack, type EngineStack } from "../../../engine/stack.ts";
import type { SandboxFolder } from "../../../sandbox/folder.ts";
import type { ToolPaths } from "../../../tools/ensure.ts";

/** Three environments that share one cluster, each in namespaces of its own. */
export const environmentNames = ["dev", "staging", "prod"] as const;

/** Name of an environment. */
export type EnvironmentName = (typeof environmentNames)[number];

/** Grafana's namespace, where an environment has its dashboard and data sources. */
export const grafanaNamespace = (name: EnvironmentName): string => `grafana-${name}`;

/** Settings under which an environment fits beside the others. */
export const besideOthers = (name: EnvironmentName): SettingsTree => ({
  namespace: { name: `tracing-${name}` },
  grafana: { namespace: grafanaNamespace(name) },
});

/** The sandbox's backend as a user's own: what a killed run left there is the user's to clear. */
export function usersBackend(folder: SandboxFolder, tools: ToolPaths): Backend {
  const { ownState: _ours, ...backend } = sandboxBackend(folder, tools);
  return backend;
}

/** Opens an environment with further settings, such as `{ tempo: { image: "…" } }`. */
export const openEnvironment = (
  name: EnvironmentName,
  backend: Backend,
  overrides: SettingsTree = {},
): Promise<EngineStack> =>
  openStack({ environment: name, backend, overrides: merge(besideOthers(name), overrides) });

/** The same, for a promotion. */
export const promotable = (
  name: EnvironmentName,
  backend: Backend,
  overrides: SettingsTree = {},
): Promise<Environment> =>
  environmentAt(name, {
    backend: () => Promise.resolve(backend),
    overrides: merge(besideOthers(name), overrides),
  });

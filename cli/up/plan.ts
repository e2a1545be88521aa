import { changedSettings, withOverrides, type SettingsTree } from "../../engine/overrides.ts";
import { renderConfig, type RenderedObject } from "../../engine/rendering.ts";
import { checkPolicies } from "../../policy/check.ts";
import { contextOf } from "../../policy/context.ts";
import { alignRows, outputLines } from "../../terminal/table.ts";
import { readStackFile } from "../../engine/stack-files.ts";
import { budgetLine } from "../render/budget.ts";

/** What will be deployed. */
export interface Plan {
  readonly objects: readonly RenderedObject[];
  /** Objects and outputs, for the person at the terminal. */
  readonly lines: readonly string[];
  /** What differs from the environment's own settings, key by key. */
  readonly changes: readonly (readonly [key: string, change: string])[];
}

/**
 * What an environment consists of with other settings laid over its own.
 *
 * @throws UserError when there is no such environment, its settings are refused, or its objects are, by the policies
 */
export async function planOf(environment: string, overrides: SettingsTree): Promise<Plan> {
  const { settings, kubernetes, objects, outputs } = await renderConfig(
    environment,
    withOverrides(environment, overrides),
  );
  const { warnings } = checkPolicies(environment, kubernetes, contextOf(settings), { today: new Date() });
  // Only the engine knows what the environment before runs.
  const { promotion: _unknown, ...known } = outputs;
  const rows = objects.map(({ kind, namespace, name }) => [kind, namespace ?? "-", name]);
  return {
    objects,
    lines: [
      `${objects.length} objects:`,
      ...alignRows([["KIND", "NAMESPACE", "NAME"], ...rows]),
      "",
      `Expected: ${budgetLine(settings)}`,
      "",
      "Outputs:",
      ...outputLines(known),
      ...warnings.flatMap((warning) => ["", warning]),
    ],
    changes: changedSettings(readStackFile(environment).config, overrides),
  };
}

import { UserError } from "../errors.ts";
import { parseSettings, secretSettings, type Settings } from "../settings.ts";
import { strip } from "../settings/keys.ts";
import { withOverrides, type SettingsTree } from "./overrides.ts";

/**
 * The settings of an environment, as its stack file has them, or with others laid over them.
 *
 * @throws UserError when there is no such environment, or its settings are refused.
 */
export function environmentSettings(environment: string, overrides: SettingsTree = {}): Settings {
  const values = Object.entries(withOverrides(environment, overrides)).flatMap(([key, value]) => {
    const name = strip(key);
    return name === undefined || Object.hasOwn(secretSettings, name) ? [] : [[name, value] as const];
  });
  try {
    return parseSettings(Object.fromEntries(values));
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${environment}: ${error.message}`) : error;
  }
}

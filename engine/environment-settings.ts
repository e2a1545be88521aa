import { UserError } from "../errors.ts";
import { parseSettings, secretSettings, type Settings } from "../settings.ts";
import { readStackFile } from "./stack-files.ts";

const project = "llm-tracing:";

/**
 * The settings of an environment, as its stack file has them.
 *
 * @throws UserError when there is no such environment, or its settings are refused.
 */
export function environmentSettings(environment: string): Settings {
  const values = Object.entries(readStackFile(environment))
    .filter(([key]) => key.startsWith(project))
    .map(([key, value]): [string, unknown] => [key.slice(project.length), value])
    .filter(([key]) => !Object.hasOwn(secretSettings, key));
  try {
    return parseSettings(Object.fromEntries(values));
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${environment}: ${error.message}`) : error;
  }
}

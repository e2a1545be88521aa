import { CommanderError, type Command } from "commander";
import { UserError } from "../errors.ts";
import { withoutSecrets } from "./diff/secrets.ts";

/**
 * Runs a command with the arguments of this process. It ends with 2 when it was used wrongly, with 1 when what it does
 * failed. A {@link UserError} is printed as its message alone, anything else with its stack.
 */
export async function main(command: Command): Promise<void> {
  try {
    await command.exitOverride().configureOutput({ outputError }).parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has said what is wrong, or printed the help that was asked for.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else {
      console.error(error instanceof UserError ? error.message : error);
      process.exitCode = error instanceof UserError ? error.exitCode : 1;
    }
  }
}

/** Commander repeats what it does not take, such as an address with a password. */
const outputError = (text: string, write: (text: string) => void): void =>
  write(String(withoutSecrets(text)));

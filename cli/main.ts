import { UserError } from "../errors.ts";

/** Runs a command: a {@link UserError} is printed as its message alone, anything else with its stack. */
export async function main(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = error instanceof UserError ? error.exitCode : 1;
  }
}

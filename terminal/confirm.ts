import { createInterface } from "node:readline/promises";
import { UserError } from "../errors.ts";

/**
 * Asks the person at the terminal whether to deploy.
 *
 * @param where - What is deployed to.
 * @param unasked - What deploys without asking, such as `--yes`.
 * @throws UserError when the answer is no, or there is nobody to ask
 */
export async function confirmDeployment(where: string, unasked: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UserError(
      `Nobody to ask whether to deploy to ${where}: ${unasked} deploys without asking. Nothing was changed.`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`\nDeploy to ${where}? [y/N] `).finally(() => terminal.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError("Not deployed; nothing was changed.");
}

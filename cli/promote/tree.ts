import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../../errors.ts";

/**
 * Checks that a folder is a git working tree in which everything is committed: else nobody could tell later what was
 * promoted.
 *
 * @throws UserError that names what is not committed
 */
export async function requireCleanTree(folder: string): Promise<void> {
  const status = await gitStatus(folder);
  const files = status.split("\n").filter((line) => line !== "");
  if (files.length === 0) return;
  const names = files.slice(0, 3).map((line) => line.slice(3));
  const more = files.length > names.length ? ` and ${files.length - names.length} more` : "";
  throw new UserError(
    `The working tree has changes that are not committed: ${names.join(", ")}${more}. Commit or stash them; only what is committed is promoted.`,
  );
}

async function gitStatus(folder: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["status", "--porcelain"], { cwd: folder });
    return stdout;
  } catch (error) {
    const words = String((error as { stderr?: string }).stderr ?? (error as Error).message);
    throw new UserError(
      `${folder} is no git working tree, so nobody could tell what was promoted: ${words.trim().split("\n")[0]}`,
    );
  }
}

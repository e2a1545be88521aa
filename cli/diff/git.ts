import { spawnSync } from "node:child_process";
import { UserError } from "../../errors.ts";
import { matters, type Files } from "./snapshot.ts";

/**
 * The files of a folder as a commit has them, without a checkout.
 *
 * @throws UserError when git or the ref is not there.
 */
export function filesOfRef(ref: string, folder: string): Files {
  const commit = commitOf(ref, folder);
  const listed = git(folder, ["ls-tree", "-r", "-z", commit]).toString("utf8").split("\0");
  const blobs = listed.flatMap((line) => {
    const [, hash, path] = /^100\d{3} blob (\w+)\t(.*)$/s.exec(line) ?? [];
    return hash !== undefined && path !== undefined && matters(path) ? [{ hash, path }] : [];
  });
  const contents = contentsOf(
    folder,
    blobs.map(({ hash }) => hash),
  );
  return new Map(blobs.map(({ path }, index) => [path, contents[index]!]));
}

function commitOf(ref: string, folder: string): string {
  const { status, stdout, stderr } = run(folder, [
    "rev-parse",
    "--verify",
    "--end-of-options",
    `${ref}^{commit}`,
  ]);
  if (status === 0) return stdout.toString("utf8").trim();
  if (stderr.toString("utf8").includes("not a git repository")) {
    throw new UserError(`${folder} is no git repository; compare two folders instead.`);
  }
  throw new UserError(`git knows no commit "${ref}" here; fetch it first, or name another with --base.`);
}

/** Reads blobs in one go: each answer is a line with the size, the bytes, and a newline. */
function contentsOf(folder: string, hashes: readonly string[]): string[] {
  if (hashes.length === 0) return [];
  const answer = git(folder, ["cat-file", "--batch"], hashes.map((hash) => `${hash}\n`).join(""));
  let offset = 0;
  return hashes.map(() => {
    const start = answer.indexOf("\n", offset) + 1;
    const size = Number(answer.toString("latin1", offset, start).split(" ")[2]);
    offset = start + size + 1;
    return answer.toString("utf8", start, start + size);
  });
}

function git(folder: string, args: readonly string[], input?: string): Buffer {
  const { status, stdout, stderr } = run(folder, args, input);
  if (status === 0) return stdout;
  throw new UserError(`git ${args[0]} failed: ${stderr.toString("utf8").trim().split("\n")[0]}`);
}

function run(folder: string, args: readonly string[], input?: string) {
  const result = spawnSync("git", args, {
    cwd: folder,
    input,
    maxBuffer: 2 ** 30,
    // Its words are read, so they are asked for in English.
    env: { ...process.env, LC_ALL: "C" },
  });
  if (result.error) throw new UserError(`git cannot be run: ${result.error.message}.`);
  return result;
}

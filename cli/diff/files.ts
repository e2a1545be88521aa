import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve, sep } from "node:path";
import { UserError } from "../../errors.ts";
import { matters, type Files } from "./snapshot.ts";

/** The files of the project in a folder. */
export const filesOfProject = (folder: string): Files =>
  new Map([
    ...read(folder, "", { recursive: false }),
    ...(existsSync(join(folder, "rendered")) ? read(join(folder, "rendered"), "rendered/") : []),
  ]);

/**
 * The files of a folder that a person names: a project, a `rendered/` folder, or that of one environment.
 *
 * @param environment - What to call the environment when the folder is that of one.
 * @throws UserError when there is no such folder.
 */
export function filesOfFolder(folder: string, environment: string): Files {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UserError(`There is no folder ${folder}.`);
  }
  if (existsSync(join(folder, "rendered"))) return filesOfProject(folder);
  const holdsManifests = readdirSync(folder).some(
    (file) => /(?<!\.rules)\.ya?ml$/.test(file) && !file.startsWith("Pulumi."),
  );
  return new Map(read(folder, holdsManifests ? `rendered/${environment}/` : "rendered/"));
}

/** What two folders of one environment each are called together: `dev`, or `staging → prod`. */
export function environmentOf(base: string, head: string): string {
  const [before, after] = [basename(resolve(base)), basename(resolve(head))];
  return before === after ? after : `${before} → ${after}`;
}

const read = (folder: string, prefix: string, { recursive } = { recursive: true }): [string, string][] =>
  readdirSync(folder, { recursive, encoding: "utf8" })
    .map((path) => ({ key: prefix + path.split(sep).join("/"), file: join(folder, path) }))
    .filter(({ key, file }) => matters(key) && isFile(file))
    .map(({ key, file }) => [key, readFileSync(file, "utf8")]);

function isFile(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UserError(`${path} is a link that leads nowhere.`);
  return found.isFile();
}

/**
 * The files of a folder as a commit has them, without a checkout.
 *
 * @throws UserError when git or the ref is not there.
 */
export function filesOfRef(ref: string, folder: string): Files {
  const commit = git(folder, ["rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`], (words) =>
    words.includes("not a git repository")
      ? `${folder} is no git repository; compare two folders instead.`
      : `git knows no commit "${ref}" here; fetch it first, or name another with --base.`,
  ).trim();
  const paths = git(folder, ["ls-tree", "-r", "-z", commit])
    .split("\0")
    .flatMap((line) => /^100\d{3} blob \w+\t(.*)$/s.exec(line)?.[1] ?? [])
    .filter(matters);
  return new Map(paths.map((path) => [path, git(folder, ["cat-file", "blob", `${commit}:./${path}`])]));
}

/** What git prints; its own words, where it fails, are explained. */
function git(folder: string, args: readonly string[], explain?: (words: string) => string): string {
  // Its words are read, so they are asked for in English.
  const env = { ...process.env, LC_ALL: "C" };
  const run = spawnSync("git", args, { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 30, env });
  if (run.error) throw new UserError(`git cannot be run: ${run.error.message}.`);
  if (run.status === 0) return run.stdout;
  throw new UserError(explain?.(run.stderr) ?? `git ${args[0]} failed: ${run.stderr.trim().split("\n")[0]}`);
}

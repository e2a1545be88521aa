import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve, sep } from "node:path";
import { UserError } from "../../errors.ts";
import { matters, type Files } from "./snapshot.ts";

/** The files of the project in a folder. */
export const filesOfProject = (folder: string): Files => read(folder, "", matters);

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
  return read(folder, isEnvironment(folder) ? `rendered/${environment}/` : "rendered/", matters);
}

/** What two folders of one environment each are called together: `dev`, or `staging → prod`. */
export function environmentOf(base: string, head: string): string {
  const [before, after] = [basename(resolve(base)), basename(resolve(head))];
  return before === after ? after : `${before} → ${after}`;
}

/** Whether the folder holds manifests itself. */
export const isEnvironment = (folder: string): boolean =>
  existsSync(folder) &&
  readdirSync(folder).some((file) => /\.ya?ml$/.test(file) && !file.startsWith("Pulumi."));

function read(folder: string, prefix: string, wanted: (path: string) => boolean): Files {
  const inside = prefix === "" ? ["rendered", ...readdirSync(folder)] : readdirSync(folder);
  const paths = inside.flatMap((name) => {
    const path = join(folder, name);
    if (!existsSync(path)) return [];
    if (!statSync(path).isDirectory()) return [name];
    if (prefix === "" && name !== "rendered") return [];
    return readdirSync(path, { recursive: true, encoding: "utf8" }).map((below) => join(name, below));
  });
  return new Map(
    [...new Set(paths)]
      .map((path) => ({ path, key: prefix + path.split(sep).join("/") }))
      .filter(({ path, key }) => wanted(key) && statSync(join(folder, path)).isFile())
      .map(({ path, key }) => [key, readFileSync(join(folder, path), "utf8")]),
  );
}

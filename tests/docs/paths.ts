import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { projectFolder } from "../../engine/stack-files.ts";

/** Every file that git knows, and every new one that it would not ignore. */
export const files: readonly string[] = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"],
  { cwd: projectFolder, encoding: "utf8" },
)
  .trim()
  .split("\n");

/** The folders at the root. */
export const folders: readonly string[] = [
  ...new Set(files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]!)),
];

/** What a page calls by the path of a file or folder of ours: links, and code that can be nothing else. */
export function pathsIn(page: string, markdown: string): string[] {
  const prose = markdown.replace(/^( *)(```|~~~)[^]*?^\1\2$/gm, "");
  const links = [...prose.matchAll(/\]\((?!\w+:)([^)#\s]+)/g)].map(([, target]) =>
    join(dirname(page), target!),
  );
  const code = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!).filter(isPath);
  return [...new Set([...links, ...code])];
}

/** Below a folder of ours; or a file of a kind that we alone have. `<…>` stands for any name. */
const isPath = (text: string): boolean =>
  /^[\w.<>-]+(\/[\w.<>-]+)*\/?$/.test(text) &&
  ((folders.includes(text.split("/")[0]!) && text.includes("/")) || /\.(ts|md)$|^Pulumi\./.test(text));

/** Whether there is such a file, or a folder with files. */
export function exists(path: string): boolean {
  const pattern = path
    .replace(/\/$/, "")
    .split(/<[^>]*>/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("[^/]+");
  return files.some((file) => new RegExp(`^${pattern}(/|$)`).test(file));
}

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectFolder } from "../../engine/stack-files.ts";
import { files, folders } from "./paths.ts";

/** One room that imports another. */
export type Arrow = readonly [from: string, to: string];

/** The arrows of the flowchart that runs down, in a page: `a --> b & c --> d`, a line for each chain. */
export function arrowsIn(markdown: string): Arrow[] {
  const picture = /^flowchart TD$(.*?)^```$/ms.exec(markdown)![1]!;
  const chains = picture
    .split("\n")
    .filter((line) => line.includes("-->"))
    .map((line) => line.split("-->").map((rooms) => rooms.split("&").map((room) => room.trim())));
  return chains.flatMap((chain) =>
    chain
      .slice(1)
      .flatMap((targets, at) => chain[at]!.flatMap((from) => targets.map((to): Arrow => [from, to]))),
  );
}

/** What rooms import of each other; nothing of tests, and no file without a folder that lies below all, as `errors.ts`. */
export const imports = (): Arrow[] =>
  files
    .filter((file) => file.endsWith(".ts") && !file.startsWith("tests/"))
    .flatMap((file) =>
      [
        ...readFileSync(join(projectFolder, file), "utf8").matchAll(/(?:from|import\()\s*"(\.[^"]+\.ts)"/g),
      ].map(([, target]): Arrow => [roomOf(file), roomOf(join(dirname(file), target!))]),
    )
    .filter(([from, to]) => from !== to && (folders.includes(to) || ["index", "stack"].includes(to)));

/** A room is a folder at the root, with the file of its name beside it. */
const roomOf = (file: string): string => file.split("/")[0]!.replace(/\.ts$/, "");

/** The rooms that arrows lead to from one, by any way. */
export function behind(
  room: string,
  arrows: readonly Arrow[],
  seen = new Set<string>(),
): ReadonlySet<string> {
  for (const [from, to] of arrows)
    if (from === room && !seen.has(to)) {
      seen.add(to);
      behind(to, arrows, seen);
    }
  return seen;
}

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { toolPlaces } from "./places.ts";
import type { Program } from "./programs.ts";

/**
 * What a built program depends on, as a hash: its module's files, its flags and the platform.
 */
export function stampOf(program: Program): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([program.package, program.flags, process.platform, process.arch]));
  const folder = path.join(toolPlaces.modules, program.module);
  for (const file of readdirSync(folder).sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(path.join(folder, file)));
  }
  return hash.digest("hex");
}

/** Whether `.tools/bin` has the program as it would be built now. */
export function isBuilt(program: Program): boolean {
  const stamp = stampFile(program);
  return (
    existsSync(binaryOf(program)) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8").trim() === stampOf(program)
  );
}

/** Notes that the program in `.tools/bin` was built from what is here now. */
export function writeStamp(program: Program): void {
  mkdirSync(toolPlaces.stamps, { recursive: true });
  writeFileSync(stampFile(program), stampOf(program) + "\n");
}

/** Where the program is put when it is built. */
export function binaryOf(program: Program): string {
  return path.join(toolPlaces.bin, program.name);
}

function stampFile(program: Program): string {
  return path.join(toolPlaces.stamps, program.name);
}

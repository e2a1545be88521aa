import { cpSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { mock } from "node:test";
import { projectFolder } from "../../engine/stack-files.ts";

/** How a command ended. */
export interface Ended {
  readonly status: typeof process.exitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command in this process: to start another for each, and to load Pulumi's SDK there, takes a second.
 *
 * @param folder - Of the project.
 */
export async function run(command: string, args: readonly string[], folder = projectFolder): Promise<Ended> {
  const { argv, exitCode } = process;
  const file = join(folder, "cli", `${command}.ts`);
  const [stdout, stderr] = [process.stdout, process.stderr].map((stream) =>
    mock.method(stream, "write", () => true),
  );
  try {
    process.argv = [process.execPath, file, ...args];
    // A module runs once for each address that it is imported by.
    await import(`${file}?${++runs}`);
    return { status: process.exitCode, stdout: textOf(stdout!), stderr: textOf(stderr!) };
  } finally {
    mock.restoreAll();
    Object.assign(process, { argv, exitCode });
  }
}

let runs = 0;

const textOf = ({
  mock: { calls },
}: {
  mock: { calls: readonly { arguments: readonly unknown[] }[] };
}): string => calls.map((call) => String(call.arguments[0])).join("");

/** A copy of the project to make mistakes in, without what is generated, and without further folders. */
export function copyOfProject(leftOut: readonly string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), "llm-tracing-"));
  const without = ["node_modules", "rendered", "tests", "docs", ...leftOut];
  cpSync(projectFolder, folder, {
    recursive: true,
    filter: (path) =>
      path === projectFolder || !(basename(path).startsWith(".") || without.includes(basename(path))),
  });
  symlinkSync(join(projectFolder, "node_modules"), join(folder, "node_modules"));
  return folder;
}

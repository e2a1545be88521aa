import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { projectFolder } from "../../engine/stack-files.ts";
import type { Figure } from "./figure.ts";

const runs = 5;

/**
 * Rendering of all environments: the whole process, as `make render` runs it.
 *
 * @throws UserError when it fails
 */
export function measureRendering(): Figure[] {
  const report = 'process.on("exit", () => console.error(process.resourceUsage().maxRSS))';
  const args = ["--import", `data:text/javascript,${report}`, join(projectFolder, "cli/render.ts")];
  const samples = Array.from({ length: runs + 1 }, () => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new UserError(`cli/render.ts ended with ${status}: ${stderr.trim()}`);
    return {
      seconds: (performance.now() - start) / 1000,
      megabytes: Number(stderr.trim().split("\n").pop()) / 1024,
    };
  }).slice(1);
  return [
    {
      name: "render, whole process",
      values: samples.map(({ seconds }) => seconds),
      unit: "s",
      goal: "1.5 s",
    },
    {
      name: "render, peak memory",
      values: samples.map(({ megabytes }) => megabytes),
      unit: "MB",
      goal: "250 MB",
    },
  ];
}

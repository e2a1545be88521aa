import { rmSync } from "node:fs";
import { join } from "node:path";
import { Option, program } from "commander";
import { backendPrograms, startBackends } from "../sandbox/backends.ts";
import { enginePrograms, sandboxBackend } from "../sandbox/backend.ts";
import { furnishNamespaces } from "../sandbox/cluster.ts";
import { openStack } from "../sandbox/engine.ts";
import { sandboxPrograms, startSandbox, stopSandbox } from "../sandbox/sandbox.ts";
import { sandboxSettings } from "../sandbox/settings.ts";
import { ensureTools } from "../tools/ensure.ts";
import { streamLog } from "../tools/log.ts";
import { startGuard } from "../tools/process/guard.ts";
import { measureBackends } from "./bench/backends.ts";
import { measureEngine } from "./bench/engine.ts";
import { figureLines, type Figure } from "./bench/figure.ts";
import { measureRendering } from "./bench/rendering.ts";
import { main } from "./main.ts";
import { projectFolder } from "./stack-files.ts";

program
  .name("bench")
  .description(
    "Measures rendering, the engine, and Tempo and Prometheus under load, on a sandbox of its own.",
  )
  .addOption(new Option("--only <part>", "one part").choices(["rendering", "engine", "backends"]))
  .parse();

const { only } = program.opts<{ only?: "rendering" | "engine" | "backends" }>();
const wants = (part: string): boolean => only === undefined || only === part;
const log = streamLog(process.stdout);

await main(async () => {
  const rendering = wants("rendering")
    ? await log.step("Rendering all environments", 5, () => Promise.resolve(measureRendering()))
    : [];
  const rest = wants("engine") || wants("backends") ? await onSandbox() : [];
  console.log(["", ...figureLines([...rendering, ...rest])].join("\n"));
});

async function onSandbox(): Promise<Figure[]> {
  const dir = join(projectFolder, ".sandbox/bench");
  const guard = startGuard();
  try {
    const tools = await ensureTools([...sandboxPrograms, ...enginePrograms, ...backendPrograms], {
      guard,
      log,
    });
    rmSync(dir, { recursive: true, force: true });
    const { api, folder } = await startSandbox({ dir, guard, tools, log });
    await furnishNamespaces(api, ["monitoring"]);
    const backend = sandboxBackend(folder, tools);
    const stack = await openStack({ environment: "dev", backend, overrides: await sandboxSettings() });
    const engine = wants("engine") ? await measureEngine(stack, backend, log) : [];
    if (!wants("backends")) return engine;
    await stack.up();
    const backends = await startBackends({ folder, api, guard, tools, log });
    return [...engine, ...(await measureBackends(backends, folder, log))];
  } finally {
    await stopSandbox({ dir });
    await guard.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

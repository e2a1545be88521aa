import { rmSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { backendPrograms, startBackends } from "../sandbox/trace-backends.ts";
import { enginePrograms } from "../engine/backend.ts";
import { sandboxBackend } from "../sandbox/backend.ts";
import { createNamespaces } from "../sandbox/cluster.ts";
import type { SettingsTree } from "../engine/overrides.ts";
import { openStack } from "../engine/stack.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { sandboxPrograms, startSandbox, stopSandbox } from "../sandbox/sandbox.ts";
import { distributedPrograms } from "../sandbox/distributed.ts";
import { sandboxFolder } from "../sandbox/folder.ts";
import { sandboxSettings, withoutRoles, type TempoMode } from "../sandbox/settings.ts";
import { ensureTools } from "../tools/ensure.ts";
import { streamLog, type Log } from "../terminal/log.ts";
import { startGuard, type Guard } from "../processes/guard.ts";
import { withLock } from "../processes/lock.ts";
import { measureFreshness, measureLoad } from "./bench/backends.ts";
import { measureCollector } from "./bench/collector.ts";
import { measureEngine } from "./bench/engine.ts";
import { measureModes } from "./bench/modes.ts";
import { measureRendering } from "./bench/rendering.ts";
import { startReport, type Report } from "./bench/report.ts";
import { main } from "./main.ts";
import { projectFolder } from "../engine/stack-files.ts";

const parts = ["rendering", "engine", "collector", "modes", "backends"] as const;
type Part = (typeof parts)[number];

/** What is measured, and where it is told. */
interface Bench {
  /** @default all parts */
  readonly only?: Part;
  readonly wants: (part: Part) => boolean;
  readonly log: Log;
  readonly report: Report;
}

await main(
  new Command("bench")
    .description(
      "Measures rendering, the engine, what the collector costs, and Tempo and Prometheus under load, on a sandbox of its own.",
    )
    .addOption(new Option("--only <part>", "one part").choices(parts))
    .action(async ({ only }: { readonly only?: Part }) => {
      const wants = (part: Part): boolean => only === undefined || only === part;
      const log = streamLog(process.stdout);
      const report = startReport(log);
      if (wants("rendering")) {
        await report.measure("rendering all environments", 5, () => Promise.resolve(measureRendering()));
      }
      if (only !== "rendering") {
        const guard = startGuard();
        try {
          await interruptible(
            { guard, log, stopping: "Stopping what this run started…", patient: false },
            () => report.attempt("the sandbox", 0, () => onSandbox({ only, wants, log, report }, guard)),
          );
        } finally {
          await guard.stop();
        }
      }
      report.finish();
    }),
);

/** Room for the load: a day's chats in a few minutes. */
async function benchSettings(mode: TempoMode = "monolithic"): Promise<SettingsTree> {
  const { tempo, ...rest } = await sandboxSettings(mode);
  const room = { volume: { size: "100Gi" }, acceptLoss: "one mode is measured after the other" };
  return { ...rest, tempo: { ...tempo, ...room }, traffic: { requestsPerMinute: 600 } };
}

async function onSandbox({ only, wants, log, report }: Bench, guard: Guard): Promise<void> {
  const dir = join(projectFolder, ".sandbox/bench");
  const tools = await ensureTools([...sandboxPrograms, ...enginePrograms, ...backendPrograms], {
    guard,
    log,
  });
  const waiting = (pid: number) => log.line(`Another run (process ${pid}) is measuring; waiting for it.`);
  await withLock(`${dir}.lock`, waiting, async () => {
    const distributed = join(dir, "pairs/distributed");
    const forget = async () => {
      for (const each of [distributed, dir]) await stopSandbox({ dir: each });
      rmSync(dir, { recursive: true, force: true });
    };
    await forget();
    try {
      const { api, folder } = await startSandbox({ dir, guard, tools, log });
      await createNamespaces(api, ["monitoring"]);
      const backend = sandboxBackend(folder, tools);
      const stack = await openStack({ environment: "dev", backend, overrides: await benchSettings() });
      if (wants("engine")) await measureEngine(report, stack, backend);
      if (only === "engine") return;
      const backends = await report.attempt("what is deployed", 0, async () => {
        await stack.up();
        return startBackends({ folder, api, guard, tools, log });
      });
      if (!backends) return;
      const startRoles = async () => {
        const overrides = await benchSettings("distributed");
        await (await openStack({ environment: "dev", backend, overrides })).up();
        const place = sandboxFolder(distributed);
        const more = await ensureTools([...distributedPrograms, ...backendPrograms], { guard, log });
        return {
          folder: place,
          backends: await startBackends({ folder: place, api, guard, tools: more, log }),
        };
      };
      // Each before what would hide it: other chats in Prometheus, and a day of them in Tempo's memory.
      if (wants("backends")) await measureFreshness(report, backends);
      if (wants("collector")) await measureCollector(report, backends, folder);
      if (wants("modes")) {
        const without = await withoutRoles();
        if (without === undefined) {
          const roles = await report.attempt("the distributed Tempo", 0, startRoles);
          if (roles) await measureModes(report, { backends, folder }, roles);
          // So that they do not load what is measured next.
          await stopSandbox({ dir: distributed });
        } else log.line(`The modes of Tempo are not compared: ${without}`);
      }
      if (wants("backends")) await measureLoad(report, backends, folder);
    } finally {
      await forget();
    }
  });
}

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { enginePrograms, sandboxBackend } from "../sandbox/backend.ts";
import { furnishNamespaces } from "../sandbox/cluster.ts";
import { openStack, type EngineStack } from "../sandbox/engine.ts";
import { sandboxPrograms, startSandbox, stopSandbox } from "../sandbox/sandbox.ts";
import { ensureTools } from "../tools/ensure.ts";
import { streamLog } from "../tools/log.ts";
import { startGuard } from "../tools/process/guard.ts";
import { main } from "./main.ts";
import { alignRows } from "./report.ts";
import { projectFolder } from "./stack-files.ts";

const runs = 5;
const log = streamLog(process.stdout);

/** A figure with the runs it is the median of. */
interface Figure {
  readonly name: string;
  readonly values: readonly number[];
  readonly unit: string;
  readonly goal: string;
}

await main(async () => {
  const rendering = await log.step("Rendering all environments", runs, () =>
    Promise.resolve(measureRendering()),
  );
  const engine = await measureEngine();
  const rows = [...rendering, ...engine].map(({ name, values, unit, goal }) => [
    name,
    `${round(median(values))} ${unit}`,
    `${round(Math.min(...values))} – ${round(Math.max(...values))}`,
    goal,
  ]);
  console.log(["", ...alignRows([["FIGURE", "MEDIAN", "RANGE", "GOAL"], ...rows])].join("\n"));
});

/** The whole process, as `make render` runs it. */
function measureRendering(): Figure[] {
  const report = 'process.on("exit", () => console.error(process.resourceUsage().maxRSS))';
  const args = ["--import", `data:text/javascript,${report}`, join(projectFolder, "cli/render.ts")];
  const samples = Array.from({ length: runs + 1 }, () => {
    const start = performance.now();
    const { stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
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

/** On a sandbox of its own: the first `up`, and a preview without change beside that of an empty program. */
async function measureEngine(): Promise<Figure[]> {
  const dir = join(projectFolder, ".sandbox/bench");
  const guard = startGuard();
  try {
    const tools = await ensureTools([...sandboxPrograms, ...enginePrograms], { guard, log });
    rmSync(dir, { recursive: true, force: true });
    const { api, folder } = await startSandbox({ dir, guard, tools, log });
    await furnishNamespaces(api, ["monitoring"]);
    const backend = sandboxBackend(folder, tools);
    const ours = await openStack({ environment: "dev", backend });
    const up = await seconds(() => log.step("First up", 5, () => ours.up()));
    const ourPreview = await log.step("Previews without change", 5, () => repeated(ours));
    const previews = async (environment: string, title: string, program: PulumiFn) => {
      const stack = await openStack({ environment, backend, program });
      await stack.up();
      return log.step(title, 5, () => repeated(stack));
    };
    const emptyPreview = await previews("staging", "Previews of an empty program", () => Promise.resolve({}));
    const onePreview = await previews("prod", "Previews of a single ConfigMap", oneConfigMap);
    return [
      { name: "first up", values: [up], unit: "s", goal: "60 s" },
      { name: "preview without change", values: ourPreview, unit: "s", goal: "" },
      { name: "preview, empty program", values: emptyPreview, unit: "s", goal: "" },
      // The least that any program on Kubernetes takes: the provider starts and reads the cluster's API.
      { name: "preview, one ConfigMap", values: onePreview, unit: "s", goal: "" },
      {
        name: "preview, ours to empty",
        values: [median(ourPreview) / median(emptyPreview)],
        unit: "×",
        goal: "1.5 ×",
      },
    ];
  } finally {
    await stopSandbox({ dir });
    await guard.stop();
  }
}

function oneConfigMap(): Promise<Record<string, unknown>> {
  new k8s.core.v1.ConfigMap("one", {
    metadata: { name: "one", namespace: "monitoring" },
    data: { key: "value" },
  });
  return Promise.resolve({});
}

async function repeated(stack: EngineStack): Promise<number[]> {
  await stack.preview();
  const values = [];
  for (let run = 0; run < runs; run++) values.push(await seconds(() => stack.preview()));
  return values;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function round(value: number): string {
  return value.toPrecision(3);
}

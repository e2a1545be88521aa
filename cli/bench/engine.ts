import * as k8s from "@pulumi/kubernetes";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../../errors.ts";
import type { Backend } from "../../engine/backend.ts";
import { hasChanges, openStack, type EngineStack } from "../../engine/stack.ts";
import { median, seconds, type Figure } from "./figure.ts";
import type { Report } from "./report.ts";

const runs = 5;

/** The first `up`, and a preview without change beside that of an empty program. */
export async function measureEngine(report: Report, ours: EngineStack, backend: Backend): Promise<void> {
  await report.measure("first up", 20, async () => [
    { name: "first up", values: [await seconds(() => ours.up())], unit: "s", goal: "60 s" },
  ]);
  const previews = async (name: string, usualSeconds: number, stack: () => Promise<EngineStack>) =>
    report.measure(name, usualSeconds, async () => [
      { name, values: await repeated(await stack()), unit: "s" },
    ]);
  const other = async (environment: string, program: PulumiFn) => {
    const stack = await openStack({ environment, backend, program });
    await stack.up();
    return stack;
  };
  const our = await previews("preview without change", 6, () => Promise.resolve(ours));
  const empty = await previews("preview, empty program", 6, () =>
    other("staging", () => Promise.resolve({})),
  );
  // The least that any program on Kubernetes takes: the provider starts and reads the cluster's API.
  const one = await previews("preview, one ConfigMap", 6, () => other("prod", oneConfigMap));

  await ratio(report, "preview, ours to empty", our, empty, "1.5 ×");
  await ratio(report, "preview, ours to one ConfigMap", our, one);
}

async function ratio(
  report: Report,
  name: string,
  over?: readonly Figure[],
  under?: readonly Figure[],
  goal?: string,
): Promise<void> {
  if (!over || !under) return;
  const value = median(over[0]!.values) / median(under[0]!.values);
  await report.measure(name, 0, () => Promise.resolve([{ name, values: [value], unit: "×", goal }]));
}

function oneConfigMap(): Promise<Record<string, unknown>> {
  new k8s.core.v1.ConfigMap("one", {
    metadata: { name: "one", namespace: "monitoring" },
    data: { key: "value" },
  });
  return Promise.resolve({});
}

async function repeated(stack: EngineStack): Promise<number[]> {
  if (hasChanges(await stack.preview())) throw new UserError("The preview is not without change.");
  const values = [];
  for (let run = 0; run < runs; run++) values.push(await seconds(() => stack.preview()));
  return values;
}

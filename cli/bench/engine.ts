import * as k8s from "@pulumi/kubernetes";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import type { Backend } from "../../sandbox/backend.ts";
import { openStack, type EngineStack } from "../../sandbox/engine.ts";
import type { Log } from "../../tools/log.ts";
import { median, seconds, type Figure } from "./figure.ts";

const runs = 5;

/** The first `up`, and a preview without change beside that of an empty program. */
export async function measureEngine(ours: EngineStack, backend: Backend, log: Log): Promise<Figure[]> {
  const up = await seconds(() => log.step("First up", 20, () => ours.up()));
  const ourPreview = await log.step("Previews without change", 6, () => repeated(ours));
  const previews = async (environment: string, title: string, program: PulumiFn) => {
    const stack = await openStack({ environment, backend, program });
    await stack.up();
    return log.step(title, 4, () => repeated(stack));
  };
  const emptyPreview = await previews("staging", "Previews of an empty program", () => Promise.resolve({}));
  const onePreview = await previews("prod", "Previews of a single ConfigMap", oneConfigMap);
  return [
    { name: "first up", values: [up], unit: "s", goal: "60 s" },
    { name: "preview without change", values: ourPreview, unit: "s" },
    { name: "preview, empty program", values: emptyPreview, unit: "s" },
    // The least that any program on Kubernetes takes: the provider starts and reads the cluster's API.
    { name: "preview, one ConfigMap", values: onePreview, unit: "s" },
    {
      name: "preview, ours to empty",
      values: [median(ourPreview) / median(emptyPreview)],
      unit: "×",
      goal: "1.5 ×",
    },
    { name: "preview, ours to one ConfigMap", values: [median(ourPreview) / median(onePreview)], unit: "×" },
  ];
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

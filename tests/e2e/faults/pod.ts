import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import program from "../../../index.ts";

/** As much of a pod as is changed here. */
interface Pod {
  containers: { securityContext: Record<string, unknown> }[];
}

/** How long `up` waits for a pod that cannot come. */
const patience = "6s";

/** The program, with another pod for Tempo, and little patience for it. */
export const changedPod =
  (change: (pod: Pod) => void): PulumiFn =>
  async () => {
    pulumi.runtime.registerResourceTransform(({ type, props, opts }) => {
      if (type !== "kubernetes:apps/v1:StatefulSet") return undefined;
      const { spec } = props as { spec: { template: { spec: Pod } } };
      change(spec.template.spec);
      return { props, opts: { ...opts, customTimeouts: { create: patience, update: patience } } };
    });
    return { ...(await program()) };
  };

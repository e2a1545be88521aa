import { releaseName } from "../../telemetry/signals.ts";
import { stackVersion } from "../../release/version.ts";
import { annotations, labels } from "./metadata.ts";

/** A ConfigMap that stands for the version which is deployed: when it came is drawn over the graphs. */
export const releaseObject = (namespace: string) => ({
  metadata: {
    // Kubernetes takes no `+` in a name.
    name: `${releaseName}-${stackVersion.replaceAll("+", "-")}`,
    namespace,
    labels: labels(releaseName, "release"),
    annotations: annotations(),
  },
  immutable: true,
  data: { version: stackVersion },
});

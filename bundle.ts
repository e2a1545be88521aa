import { createHash } from "node:crypto";
import { tempoConfig } from "./components/tempo/config.ts";
import { tempoPolicy } from "./components/tempo/network.ts";
import { images, podTemplate } from "./components/tempo/statefulset.ts";
import { dashboardContext, datasources } from "./content.ts";
import { dashboards } from "./dashboards/index.ts";
import { parseSettings, type Settings } from "./settings.ts";
import { stackVersion } from "./version.ts";

/**
 * Hash of all that is the same in every environment: the stack's version, Tempo's line and image, and everything
 * that is made from settings, as it is with none of them set. Two environments with one digest run one bundle.
 */
export function bundleDigest({ tempo }: Settings): string {
  const reference = parseSettings({ environment: "reference" });
  const contents = {
    stackVersion,
    tempo: { line: tempo.line, image: release(tempo.image ?? images[tempo.line]) },
    config: tempoConfig(reference),
    pod: podTemplate({ ...reference, labels: {}, serviceAccountName: "", configMapName: "", claimName: "" }),
    policy: tempoPolicy(reference, {}),
    datasources: datasources(reference),
    dashboards: dashboards(dashboardContext(reference)),
  };
  return createHash("sha256").update(JSON.stringify(contents)).digest("hex").slice(0, 16);
}

/** An image without the registry it is pulled from, which may differ. */
const release = (image: string): string => image.slice(image.lastIndexOf("/") + 1);

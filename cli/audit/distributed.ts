import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withOverrides } from "../../engine/overrides.ts";
import { renderEnvironment } from "../../engine/rendering.ts";
import type { Settings } from "../../settings.ts";
import { readManifests, type Manifest } from "./judge.ts";

/** Settings of a distributed Tempo, which no environment of `rendered/` has to be. */
export const distributedSettings = {
  tempo: {
    mode: "distributed",
    roles: { distributor: { autoscale: { max: 9 } } },
    storage: {
      backend: "s3",
      bucket: "tempo",
      endpoint: "s3.example.org",
      credentialsSecret: { name: "s3" },
    },
  },
  kafka: { address: "kafka.kafka.svc:9092", credentialsSecret: { name: "kafka" } },
} as const;

/** The objects of `dev` with those settings, written to a folder that is made for them. */
export async function renderDistributed(
  folder: string,
): Promise<{ settings: Settings; manifests: readonly Manifest[] }> {
  const { settings, objects } = await renderEnvironment("dev", withOverrides("dev", distributedSettings));
  mkdirSync(folder);
  for (const { file, yaml } of objects) writeFileSync(path.join(folder, file), yaml);
  return { settings, manifests: readManifests(folder) };
}

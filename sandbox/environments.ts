import { existsSync, globSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { SandboxFolder } from "./folder.ts";
import { kafkaName } from "./kafka.ts";
import { objectStorageName } from "./object-storage.ts";
import { stopSandbox } from "./sandbox.ts";

/** The environments that were deployed to a sandbox, as the state of its Pulumi backend has them. */
export function environmentsIn({ state }: SandboxFolder): string[] {
  const stacks = path.join(state, ".pulumi", "stacks");
  if (!existsSync(stacks)) return [];
  return readdirSync(stacks, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .map((file) => path.basename(file, ".json"));
}

/**
 * Stops a sandbox and forgets what was deployed to it, and what was sent. To destroy the stack would not do: it leaves
 * the data volume, which no other environment can take over, and may be protected.
 */
export async function emptySandbox({ root, etcd, state }: SandboxFolder): Promise<void> {
  await stopSandbox({ dir: root });
  const stored = globSync(["tempo*", "prometheus", "otel-*", kafkaName, objectStorageName], {
    cwd: root,
  }).map((name) => path.join(root, name));
  for (const folder of [etcd, state, ...stored]) rmSync(folder, { recursive: true, force: true });
}

import type { ApiClient } from "../../clients/kubernetes.ts";
import type { ProgramName } from "../../tools/programs.ts";
import type { ToolPaths } from "../../tools/ensure.ts";
import type { Judge, Manifest } from "./judge.ts";
import type { Log } from "../../terminal/log.ts";
import type { Guard } from "../../processes/guard.ts";
import { ensureCheckov } from "../../tools/python-applications.ts";
import { ToolUnavailable } from "../../tools/unavailable.ts";
import { checkov } from "./checkov.ts";
import { kubeconform } from "./kubeconform.ts";
import { kubeScore } from "./kube-score.ts";
import { writeSchemas } from "./schemas.ts";

/** Programs of the judges. */
export const judgePrograms: readonly ProgramName[] = ["kubeconform", "kube-score"];

/**
 * The judges of objects.
 *
 * @param schemas - A folder for the schemas of the objects' kinds, as the API server has them.
 */
export async function judgesFor(
  manifests: readonly Manifest[],
  { api, tools, schemas }: { api: ApiClient; tools: ToolPaths; schemas: string },
): Promise<Judge[]> {
  const { major, minor } = await api.send<{ major: string; minor: string }>("GET", "/version");
  await writeSchemas(api, new Set(manifests.map(({ object }) => object.apiVersion)), schemas);
  return [kubeScore(tools["kube-score"], `v${major}.${minor}`), kubeconform(tools.kubeconform, schemas)];
}

/** Checkov, where it can be installed; elsewhere none, with a line that says so. */
export async function checkovIfAny(run: { guard: Guard; log: Log }): Promise<Judge[]> {
  try {
    return [checkov(await ensureCheckov(run))];
  } catch (error) {
    if (!(error instanceof ToolUnavailable)) throw error;
    run.log.line(`*** checkov is not asked, as it cannot be obtained: ${error.reason} ***`);
    return [];
  }
}

import type { ApiClient } from "../../clients/kubernetes.ts";
import type { ProgramName } from "../../tools/programs.ts";
import type { ToolPaths } from "../../tools/ensure.ts";
import type { Judge, Manifest } from "./judge.ts";
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

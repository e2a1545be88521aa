import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { EditedByHand } from "./operation.ts";

/** The variable by which the Kubernetes provider takes fields over from other managers. */
const force = "PULUMI_K8S_ENABLE_PATCH_FORCE";

/** Does work in which the provider takes back every field that somebody else has. */
export async function forced<T>({ workspace }: Stack, work: () => Promise<T>): Promise<T> {
  workspace.envVars[force] = "true";
  return work().finally(() => delete workspace.envVars[force]);
}

/**
 * The URNs of everything that was edited by hand, from what a preview ended at: each ends at its first conflicts. What another
 * manager applies again and again is not among them: the preview that comes to it is refused.
 */
export async function editedByHand(
  known: readonly string[],
  preview: (exclude: readonly string[]) => Promise<unknown>,
): Promise<readonly string[]> {
  const failure = await preview(known).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  if (!failure) return known;
  if (failure instanceof EditedByHand) return editedByHand([...known, ...failure.urns], preview);
  throw failure;
}

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { parseDocuments } from "./yaml.ts";

/**
 * Checks that the user's kubeconfig (KUBECONFIG, else `~/.kube/config`) has a context.
 *
 * @throws UserError that names the contexts there are
 */
export function requireContext(context: string, environment = process.env): void {
  const files = kubeconfigFiles(environment);
  const contexts = files.flatMap(contextsOf);
  if (contexts.includes(context)) {
    return;
  }
  const place = files.join(", ");
  throw new UserError(
    contexts.length === 0
      ? `There is no context "${context}": ${place} has no contexts at all. KUBECONFIG=<file> names another kubeconfig.`
      : `There is no context "${context}" in ${place}. There are: ${contexts.join(", ")}.`,
  );
}

function kubeconfigFiles(environment: NodeJS.ProcessEnv): string[] {
  const named = (environment["KUBECONFIG"] ?? "").split(path.delimiter).filter((file) => file !== "");
  return named.length > 0 ? named : [path.join(homedir(), ".kube", "config")];
}

function contextsOf(file: string): string[] {
  if (!existsSync(file)) return [];
  const [content = {}] = parseDocuments(file, readFileSync(file, "utf8"));
  const { success, data } = kubeconfig.safeParse(content);
  if (!success) throw new UserError(`${file} is not a kubeconfig: its contexts are no list of names.`);
  return data.contexts.map(({ name }) => name);
}

const kubeconfig = z.object({
  contexts: z
    .array(z.object({ name: z.string() }))
    .nullish()
    .transform((list) => list ?? []),
});

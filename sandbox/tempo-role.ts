import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { answersOk } from "../clients/http.ts";
import { configFolder, ports } from "../components/tempo/ports.ts";
import type { ToolPaths } from "../tools/ensure.ts";
import type { RolePod } from "./deployed-roles.ts";
import type { SandboxFolder } from "./folder.ts";
import { objectStorageKeys } from "./object-storage.ts";
import type { Startable } from "./service.ts";

/**
 * What gives a process a host name of its own and names for addresses, as a pod has them: by its host name a role is known to the others, and
 * it has its partition. It keeps the pid. Linux alone can.
 */
const inItsPlace = [
  "--mount",
  "--uts",
  "sh",
  "-c",
  'hostname "$1" && mount --bind "$0" /etc/hosts && shift && exec "$@"',
] as const;

/** Without it root alone may. */
const asRoot = (uid = process.getuid?.()): readonly string[] =>
  uid === 0 ? [] : ["--user", "--map-root-user"];

/** Why a process cannot have a host name and names of its own on this machine; undefined where it can. */
export async function withoutPlaces(): Promise<string | undefined> {
  const words = [...asRoot(), ...inItsPlace.slice(0, 2), "true"];
  return promisify(execFile)("unshare", words).then(
    () => undefined,
    (error: Error & { stderr?: string }) => (error.stderr || error.message).trim(),
  );
}

/** Names for addresses, as `/etc/hosts` has them. */
export const hostsFile = ({ root }: SandboxFolder): string => path.join(root, "hosts");

/** Configuration of a role. */
export const roleConfigFile = ({ root }: SandboxFolder, pod: string): string =>
  path.join(root, `${pod}.yaml`);

/** Whether a role at an address does its work. */
export const roleIsReady = (address: string): Promise<boolean> =>
  answersOk(`http://${address}:${ports.http}/ready`);

/** A pod of a distributed Tempo as a process, with the arguments and variables that are deployed. */
export function roleProcess(
  pod: RolePod,
  address: string,
  folder: SandboxFolder,
  tools: ToolPaths,
  uid = process.getuid?.(),
): Startable {
  return {
    name: pod.name,
    command: "unshare",
    arguments: [
      ...asRoot(uid),
      ...inItsPlace,
      hostsFile(folder),
      pod.name,
      tools.tempo,
      ...pod.arguments.map((word) =>
        word.replace(`${configFolder}/tempo.yaml`, roleConfigFile(folder, pod.name)),
      ),
    ],
    directory: folder.root,
    environment: variablesOf(pod, address),
    logs: folder.logs,
    recordIn: folder.run,
    isHealthy: () => roleIsReady(address),
    // A worker waits for a minute whether others come; a live-store for what it missed, two minutes at most.
    deadlineSeconds: 240,
  };
}

/** The variables of a pod. Secrets are not in the sandbox, but for the keys of its object storage. */
export function variablesOf(
  { name, namespace, environment }: Pick<RolePod, "name" | "namespace" | "environment">,
  address: string,
): Record<string, string> {
  const fields: Readonly<Record<string, string>> = {
    "status.podIP": address,
    "metadata.name": name,
    "metadata.namespace": namespace,
  };
  const deployed = environment.map(({ name: variable, value, valueFrom }) => [
    variable,
    value ?? fields[valueFrom?.fieldRef?.fieldPath ?? ""] ?? "sandbox",
  ]);
  return { ...(Object.fromEntries(deployed) as Record<string, string>), ...objectStorageKeys };
}

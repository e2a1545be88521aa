import path from "node:path";
import { projectFolder } from "../engine/stack-files.ts";

/** The sandbox that `make up` starts, unless told otherwise. */
export const defaultSandboxFolder = path.join(projectFolder, ".sandbox");

/** Where a sandbox keeps what; everything is below one folder, and removing it forgets the sandbox. */
export interface SandboxFolder {
  root: string;
  /** etcd's data: what the cluster holds, kept when the sandbox stops. */
  etcd: string;
  /** Keys, certificates and tokens. */
  keys: string;
  /** One log per process. */
  logs: string;
  /** One record per running process. */
  run: string;
  /** Pulumi's state, its home and its stack configuration. */
  state: string;
  pulumiHome: string;
  pulumiProject: string;
  kubeconfig: string;
  /** Held by the run that starts or changes the sandbox. */
  lock: string;
  /** Address, token and ports of the control plane that was started last. */
  connection: string;
}

/** The layout of a sandbox's folder. */
export function sandboxFolder(root: string = defaultSandboxFolder): SandboxFolder {
  const absolute = path.resolve(root);
  const below = (name: string) => path.join(absolute, name);
  return {
    root: absolute,
    etcd: below("etcd"),
    keys: below("keys"),
    logs: below("logs"),
    run: below("run"),
    state: below("state"),
    pulumiHome: below("pulumi-home"),
    pulumiProject: below("pulumi-project"),
    kubeconfig: below("kubeconfig"),
    lock: below("lock"),
    connection: below("connection.json"),
  };
}

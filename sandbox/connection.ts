import { readFileSync, writeFileSync } from "node:fs";
import { stringify } from "yaml";
import type { ApiAddress } from "../clients/kubernetes.ts";
import type { SandboxFolder } from "./folder.ts";
import type { Ports } from "./ports.ts";

/** Name of the sandbox's context in its kubeconfig. */
export const sandboxContext = "llm-tracing-sandbox";

/** A control plane that was started. */
export interface Connection extends ApiAddress {
  ports: Ports;
}

/** Remembers a connection for later runs, and writes the kubeconfig. Both readable by their owner only. */
export function writeConnection(folder: SandboxFolder, connection: Connection): void {
  writeFileSync(folder.connection, JSON.stringify(connection, undefined, 2) + "\n", { mode: 0o600 });
  writeFileSync(folder.kubeconfig, kubeconfig(connection), { mode: 0o600 });
}

/** The connection of the control plane that was started last; undefined when there is none or it is damaged. */
export function readConnection(folder: SandboxFolder): Connection | undefined {
  try {
    return JSON.parse(readFileSync(folder.connection, "utf8")) as Connection;
  } catch {
    return undefined;
  }
}

/** A kubeconfig with one context, the current one. */
export function kubeconfig({ server, token, certificate }: ApiAddress): string {
  const name = sandboxContext;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: { server, "certificate-authority-data": Buffer.from(certificate).toString("base64") },
      },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}

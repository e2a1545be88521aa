import { mkdirSync } from "node:fs";
import type { ToolPaths } from "../tools/ensure.ts";
import type { Log } from "../terminal/log.ts";
import type { Guard } from "../processes/guard.ts";
import { isRunning } from "../processes/identity.ts";
import { clearRecords, readRecords } from "../processes/records.ts";
import { stopInTurn } from "../processes/stop.ts";
import type { ProgramName } from "../tools/programs.ts";
import { ApiClient } from "../clients/kubernetes.ts";
import { clusterReady, seedCluster } from "./cluster.ts";
import { readConnection, sandboxContext, writeConnection } from "./connection.ts";
import { apiServices, controllers, controlPlane } from "./control-plane.ts";
import { stopRoles } from "./distributed.ts";
import { sandboxFolder } from "./folder.ts";
import type { SandboxFolder } from "./folder.ts";
import { prepareKeys, readServingCertificate } from "./keys.ts";
import { choosePorts } from "./ports.ts";
import { PortTaken, startService } from "./service.ts";
import type { Place, Service } from "./service.ts";

/** Programs a sandbox is made of, and the kinds that it has beside those of Kubernetes. */
export const sandboxPrograms: readonly ProgramName[] = [
  ...controlPlane.map(({ program }) => program),
  "prometheus-operator-crds",
];

/** A running control plane on this machine. */
export interface Sandbox {
  folder: SandboxFolder;
  /** Name of its context in `folder.kubeconfig`. */
  context: string;
  api: ApiClient;
  /** Whether it was running before. */
  reused: boolean;
}

/** What a sandbox is started with. */
export interface SandboxOptions {
  /** @default `.sandbox` */
  dir?: string;
  /** Stops what is started here when this run ends, unless it is told to keep it. */
  guard: Guard;
  tools: ToolPaths;
  log: Log;
}

const usualStartSeconds = 4;
const portAttempts = 5;

/**
 * Starts a control plane, or takes over the one that runs in that folder. Objects of an earlier one are still there.
 *
 * @throws UserError when one of its processes does not become healthy
 */
export async function startSandbox({ dir, guard, tools, log }: SandboxOptions): Promise<Sandbox> {
  const folder = sandboxFolder(dir);
  const running = await runningSandbox(folder);
  if (running !== undefined) {
    await seedCluster(running.api, tools);
    log.line(`✓ The sandbox's control plane is running: ${running.server}`);
    return { folder, context: sandboxContext, api: running.api, reused: true };
  }
  await stopSandbox({ dir });
  const api = await log.step("Starting the sandbox's control plane", usualStartSeconds, async () => {
    try {
      return await startControlPlane(folder, guard, tools);
    } catch (error) {
      await stopSandbox({ dir });
      throw error;
    }
  });
  return { folder, context: sandboxContext, api, reused: false };
}

/**
 * Stops every process of the sandbox in a folder, also of one whose run crashed. What the cluster holds stays on disk.
 *
 * @returns the names of the processes that were stopped
 */
export async function stopSandbox({ dir }: { dir?: string } = {}): Promise<string[]> {
  const folder = sandboxFolder(dir);
  const running = readRecords(folder.run).filter(isRunning);
  await stopRoles(folder);
  await stopInTurn(running);
  clearRecords(folder.run);
  return running.map(({ name }) => name);
}

async function runningSandbox(
  folder: SandboxFolder,
): Promise<{ api: ApiClient; server: string } | undefined> {
  const connection = readConnection(folder);
  const running = new Set(
    readRecords(folder.run)
      .filter(isRunning)
      .map(({ name }) => name),
  );
  if (connection === undefined || !controlPlane.every(({ name }) => running.has(name))) {
    return undefined;
  }
  const api = new ApiClient(connection);
  const ready = await api.send("GET", "/readyz").then(
    () => true,
    () => false,
  );
  return ready ? { api, server: connection.server } : undefined;
}

async function startControlPlane(folder: SandboxFolder, guard: Guard, tools: ToolPaths): Promise<ApiClient> {
  for (let attempt = 1; ; attempt++) {
    const place = { folder, ports: await choosePorts(controlPlane.flatMap(({ ports }) => ports)) };
    try {
      return await startAt(place, guard, tools);
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === portAttempts) {
        throw error;
      }
      await stopSandbox({ dir: folder.root });
    }
  }
}

async function startAt(place: Place, guard: Guard, tools: ToolPaths): Promise<ApiClient> {
  const { folder, ports } = place;
  mkdirSync(folder.root, { recursive: true, mode: 0o700 });
  const token = prepareKeys(folder);
  const start = (service: Service) => startService(service, place, guard, tools);
  for (const service of apiServices) {
    await start(service);
  }
  const address = {
    server: `https://127.0.0.1:${ports["api"]}`,
    token,
    certificate: readServingCertificate(folder),
  };
  writeConnection(folder, { ...address, ports });
  const api = new ApiClient(address);
  await Promise.all([...controllers.map(start), seedCluster(api, tools)]);
  await clusterReady(api);
  return api;
}

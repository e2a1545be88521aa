import { tempo } from "../../../sandbox/backend-services.ts";
import { readPorts } from "../../../sandbox/trace-backends.ts";
import { sandboxFolder } from "../../../sandbox/folder.ts";
import { startService, type Service } from "../../../sandbox/service.ts";
import { isRunning, type ProcessIdentity } from "../../../processes/identity.ts";
import { readRecords } from "../../../processes/records.ts";
import { kill, stopTogether } from "../../../processes/stop.ts";
import type { ToolPaths } from "../../../tools/ensure.ts";
import type { TestCluster } from "../harness.ts";

/** Where pairs of backends are, and what starts them. */
export type Pair = Pick<TestCluster, "guard" | "tools" | "pairFolder">;

/** How long a restart took, in seconds. */
export interface Restart {
  /** From SIGTERM to the end. */
  readonly stopping: number;
  /** From the start to the first answer that it is ready. */
  readonly starting: number;
}

/**
 * Restarts Tempo as a kubelet does: SIGTERM, SIGKILL after the grace period, and again on the same data.
 *
 * @param programs - in place of the cluster's own
 */
export async function restartTempo(
  cluster: Pair,
  pair: string,
  graceSeconds: number,
  programs?: Partial<ToolPaths>,
): Promise<Restart> {
  const asked = Date.now();
  await endBackend(cluster, pair, tempo, graceSeconds);
  const ended = Date.now();
  await startAgain(cluster, pair, tempo, programs);
  return { stopping: (ended - asked) / 1000, starting: (Date.now() - ended) / 1000 };
}

/** How long the deployed pod has from SIGTERM to SIGKILL, in seconds. */
export async function deployedGrace({ sandbox }: TestCluster): Promise<number> {
  const found = await sandbox.api.get<{
    spec: { template: { spec: { terminationGracePeriodSeconds: number } } };
  }>("/apis/apps/v1/namespaces/tracing/statefulsets/tempo");
  return found!.spec.template.spec.terminationGracePeriodSeconds;
}

/** Ends one of a pair as a kubelet does. */
export const endBackend = (
  cluster: Pair,
  pair: string,
  backend: Service,
  graceSeconds: number,
): Promise<void> => stopTogether(running(cluster, pair, backend), graceSeconds);

/** Ends one of a pair as the kernel does when memory is short: SIGKILL, without a word before. */
export const killBackend = (cluster: Pair, pair: string, backend: Service): Promise<void> =>
  kill(running(cluster, pair, backend));

/** Starts one of a pair on the data and the ports it had, and waits until it is ready. */
export function startAgain(
  cluster: Pair,
  pair: string,
  backend: Service,
  programs?: Partial<ToolPaths>,
): Promise<void> {
  const folder = sandboxFolder(cluster.pairFolder(pair));
  const place = { folder, ports: readPorts(folder)! };
  return startService(backend, place, cluster.guard, { ...cluster.tools, ...programs });
}

/** Whether one of a pair runs. */
export const runs = (cluster: Pair, pair: string, backend: Service): boolean =>
  recordOf(cluster, pair, backend) !== undefined;

/** The process of one of a pair, if it runs. */
export const recordOf = (cluster: Pair, pair: string, backend: Service): ProcessIdentity | undefined =>
  running(cluster, pair, backend)[0];

const running = (cluster: Pair, pair: string, { name }: Service): ProcessIdentity[] =>
  readRecords(sandboxFolder(cluster.pairFolder(pair)).run).filter(
    (record) => record.name === name && isRunning(record),
  );

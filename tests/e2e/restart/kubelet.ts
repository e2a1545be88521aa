import { readPorts, tempo } from "../../../sandbox/trace-backends.ts";
import { sandboxFolder } from "../../../sandbox/folder.ts";
import { startService } from "../../../sandbox/service.ts";
import { isRunning } from "../../../processes/identity.ts";
import { readRecords } from "../../../processes/records.ts";
import { stopTogether } from "../../../processes/stop.ts";
import type { TestCluster } from "../harness.ts";

/** How long a restart took, in seconds. */
export interface Restart {
  /** From SIGTERM to the end. */
  readonly stopping: number;
  /** From the start to the first 200 of `/ready`. */
  readonly starting: number;
}

/** Restarts Tempo as a kubelet does: SIGTERM, SIGKILL after the grace period, and again on the same data. */
export async function restartTempo(
  cluster: TestCluster,
  pair: string,
  graceSeconds: number,
): Promise<Restart> {
  const { guard, tools } = cluster;
  const folder = sandboxFolder(cluster.pairFolder(pair));
  const asked = Date.now();
  await stopTogether(
    readRecords(folder.run).filter((record) => record.name === tempo.name && isRunning(record)),
    graceSeconds,
  );
  const ended = Date.now();
  await startService(tempo, { folder, ports: readPorts(folder)! }, guard, tools);
  return { stopping: (ended - asked) / 1000, starting: (Date.now() - ended) / 1000 };
}

import { isRunning } from "../../../processes/identity.ts";
import { readRecords } from "../../../processes/records.ts";
import { readConnection } from "../../../sandbox/connection.ts";
import { apiServer } from "../../../sandbox/control-plane.ts";
import { startService } from "../../../sandbox/service.ts";
import type { TestCluster } from "../harness.ts";

/** Kills the API server at once; what it returns starts it again, where it was. */
export function killApiServer({ sandbox: { folder }, guard, tools }: TestCluster): () => Promise<void> {
  const { ports } = readConnection(folder)!;
  readRecords(folder.run)
    .filter((record) => record.name === apiServer.name && isRunning(record))
    .forEach(({ pid }) => process.kill(pid, "SIGKILL"));
  return () => startService(apiServer, { folder, ports }, guard, tools);
}

import { setTimeout as sleep } from "node:timers/promises";
import { otlpPorts } from "../../../components/kubernetes/otlp.ts";
import { ports } from "../../../components/tempo/ports.ts";
import { addressesIn } from "../../../sandbox/loopback.ts";
import { rolesIn, startRole, stopRole } from "../../../sandbox/distributed.ts";
import { sandboxFolder } from "../../../sandbox/folder.ts";
import { ollama } from "../../../traffic/retell.ts";
import type { TempoRole } from "../../../telemetry/tempo-roles.ts";
import type { TestCluster } from "../harness.ts";
import { askSteadily, missingOf, sendSteadily } from "./traffic.ts";

/** What a fault did to those who send and ask all the while. */
export interface Effects {
  /** What senders were told in place of a success. */
  readonly refused: readonly string[];
  /** What those were told who asked, in place of an answer. */
  readonly unanswered: readonly string[];
  /** Acknowledged traces that are not found any more. */
  readonly lost: readonly string[];
}

interface Place {
  readonly cluster: TestCluster;
  /** Name of the pair of backends that it runs in. */
  readonly pair: string;
}

/** How long a killed process is away: as long as Kubernetes waits at least when one crashes again. */
const awaySeconds = 10;

/** Kills the last pod of a role amid traffic, starts it again as Kubernetes would, and looks for all that was acknowledged. */
export async function killRole(role: TempoRole, { cluster, pair }: Place): Promise<Effects> {
  const folder = sandboxFolder(cluster.pairFolder(pair));
  const addresses = addressesIn(folder);
  const all = rolesIn(folder);
  const at = (role: TempoRole, port: number) =>
    all.filter((each) => each.role === role).map(({ name }) => `http://${addresses[name]}:${port}`);
  const frontends = at("query-frontend", ports.http);
  const pod = all.findLast((each) => each.role === role)!.name;
  const sending = sendSteadily(
    at("distributor", otlpPorts.http),
    ollama("llama3.2", "3b"),
    `${role} killed`,
    0.2,
  );
  const asking = askSteadily(frontends, sending.sent, 0.5);
  await sleep(8000);
  await stopRole(folder, pod, 0);
  await sleep(awaySeconds * 1000);
  await startRole({ folder, guard: cluster.guard, tools: cluster.tools }, pod);
  await sleep(5000);
  await Promise.all([sending.stop(), asking.stop()]);
  const taken = sending.sent.filter(({ outcome }) => outcome === "taken").map(({ trace }) => trace);
  const lost = await missingOf(frontends, taken, 60);
  return {
    refused: sending.sent.map(({ outcome }) => outcome).filter((outcome) => outcome !== "taken"),
    // One of two live-stores that was asked may lack the newest seconds, until the other is asked.
    unanswered: asking.asked
      .map(({ outcome }) => outcome)
      .filter((outcome) => !["answered", "not found"].includes(outcome)),
    lost: lost.map(({ id }) => id),
  };
}

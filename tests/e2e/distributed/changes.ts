import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { tempoArgs } from "../../../assembly/wiring.ts";
import { request } from "../../../clients/http.ts";
import { waitFor } from "../../../clients/wait.ts";
import { tempoObjects } from "../../../components/tempo/objects.ts";
import { ports } from "../../../components/tempo/ports.ts";
import { roles, workloadsOf, type Workload } from "../../../components/tempo/roles.ts";
import type { SettingsTree } from "../../../engine/overrides.ts";
import {
  startRole,
  stopRole,
  type DistributedOptions,
  type DistributedPlace,
} from "../../../sandbox/distributed.ts";
import { addressesIn } from "../../../sandbox/loopback.ts";
import { partitionsKnownAt } from "../../../sandbox/partition-ring.ts";
import { hurriedSeconds } from "../../../sandbox/tempo-overlay.ts";
import { liveStoreZones, tempoRoles } from "../../../telemetry/tempo-roles.ts";
import { settingsOf } from "../../contract/product.ts";
import { ownMetric } from "../own-metrics.ts";
import { podsOf, type Place } from "./faults.ts";

type Replace = Required<DistributedOptions>["replace"];

/**
 * Replaces pods as a rolling update does: workload by workload in the order in which the stack has them updated, of each one pod after
 * the other, with the grace that it has. A Deployment's new pod would come before the old one goes; here it has its address.
 */
export function rollingIn(place: DistributedPlace, settings: SettingsTree): Replace {
  const planned = tempoObjects(tempoArgs(settingsOf("dev", settings)));
  const workloads = tempoRoles.flatMap(workloadsOf);
  return async (ending, starting) => {
    const of = ({ name }: Workload, pods: readonly string[]) =>
      pods
        .filter((pod) => pod.startsWith(`${name}-`))
        .toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }));
    const done = new Map<string, Promise<void>>();
    const roll = (workload: Workload): Promise<void> => {
      const { name, role } = workload;
      const rolling = async () => {
        const earlier = workloads.filter((other) => planned[name]!.after?.includes(other.name));
        await Promise.all(earlier.map(roll));
        const { graceSeconds, readySeconds = 0 } = roles[role];
        const [old, young] = [of(workload, ending), of(workload, starting)];
        for (let n = 0; n < Math.max(old.length, young.length); n++) {
          if (old[n] !== undefined) await stopRole(place.folder, old[n]!, graceSeconds);
          if (young[n] !== undefined) await startRole(place, young[n]!);
          await sleep(readySeconds * 1000);
        }
      };
      if (!done.has(name)) done.set(name, rolling());
      return done.get(name)!;
    };
    await Promise.all(workloads.map(roll));
  };
}

/**
 * Has partitions written to no more, from the highest down, waits until all of them is in blocks and nobody asks their live-stores, and
 * lets these go: what docs/scale.md prescribes before there are fewer of them.
 */
export async function drain(place: Place, partitions: readonly number[]): Promise<void> {
  const addresses = addressesIn(place.folder);
  const liveStore = (zone: string, partition: number) => addresses[`tempo-live-store-${zone}-${partition}`]!;
  const post = async (address: string, path: string) => {
    const url = new URL(`http://${address}:${ports.http}/live-store/${path}`);
    return request("Tempo", url, { body: "" });
  };
  for (const partition of partitions) {
    const { text } = await post(liveStore(liveStoreZones[0], partition), "prepare-partition-downscale");
    assert.match(text, /"PartitionInactive"/);
  }
  // In place of the 35 minutes.
  await sleep(hurriedSeconds.forgettingPartitions * 1000);
  for (const partition of partitions) {
    const builder = `http://${addresses[`tempo-block-builder-${partition}`]}:${ports.http}`;
    await waitFor(`partition ${partition} to be in blocks`, 120, async () => {
      const lag = await ownMetric(builder, "tempo_ingest_group_partition_lag", `partition="${partition}"`);
      return lag === 0;
    });
    for (const zone of liveStoreZones) {
      assert.equal((await post(liveStore(zone, partition), "prepare-downscale")).status, 204);
    }
  }
}

/** Waits until nobody who takes spans or answers knows of other partitions than the first so many. */
export async function partitionsAre(place: Place, count: number): Promise<void> {
  const addresses = addressesIn(place.folder);
  for (const name of [...podsOf(place, "distributor"), ...podsOf(place, "querier")]) {
    await waitFor(`${name} to know ${count} partitions`, 120, async () => {
      const states = await partitionsKnownAt(addresses[name]!);
      return (
        Object.keys(states).length === count && Object.values(states).every((state) => state === "active")
      );
    });
  }
}

import { getJson } from "../clients/http.ts";
import { ports } from "../components/tempo/ports.ts";

/** States of a partition, by their numbers (`PartitionState` in dskit's `ring/partition_ring_desc.proto`). */
const states = ["unknown", "pending", "active", "inactive", "deleted"] as const;

export type PartitionState = (typeof states)[number];

/** Partitions as `/partition-ring` has them, as far as they are looked at here. */
interface PartitionRing {
  readonly partitions: readonly { readonly id: number; readonly state: number }[];
}

/** The state of each partition, by its number. */
export const statesIn = ({ partitions }: PartitionRing): Record<number, PartitionState> =>
  Object.fromEntries(partitions.map(({ id, state }) => [id, states[state] ?? "unknown"]));

/** The partitions that a role at an address knows of: a distributor writes to the active ones. */
export async function partitionsKnownAt(address: string): Promise<Record<number, PartitionState>> {
  const url = new URL(`http://${address}:${ports.http}/partition-ring`);
  return statesIn(await getJson<PartitionRing>("Tempo", url, { headers: { accept: "application/json" } }));
}

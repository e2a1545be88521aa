import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { startRole, stopRole } from "../../../sandbox/distributed.ts";
import { kafkaName } from "../../../sandbox/kafka.ts";
import { objectStorageName } from "../../../sandbox/object-storage.ts";
import { liveStoreZones, tempoRoles, type TempoRole } from "../../../telemetry/tempo-roles.ts";
import type { Bounds } from "./bounds.ts";
import { drain, partitionsAre, rollingIn } from "./changes.ts";
import { podsOf, type Fault, type Place } from "./faults.ts";

/** A fault, and what may go wrong while it lasts. */
export interface Case extends Fault {
  readonly bounds: Bounds;
}

/** Until a process that was killed is back: 10 s, and its start on a machine that has other work. */
const back = 60;

/** What it is told who asks one that is not there. */
const unreachable = { seconds: back, words: /^unreachable/ } as const;

/** What it is told who asks for a partition of which nobody is there. */
const noPartition = { seconds: back, words: /^500 /, everywhere: true } as const;

/** What it is told who asks one that has no time: the 15 s that a question has, on a machine that has other work. */
const slow = { seconds: back, words: /did not answer within/ } as const;

const last = (role: TempoRole) => (place: Place) => podsOf(place, role).slice(-1);

const liveStores = (pattern: RegExp) => (place: Place) =>
  podsOf(place, "live-store").filter((name) => pattern.test(name));

/** Processes that are killed at once, and are back after a while. */
function away(
  name: string,
  which: (place: Place) => readonly string[],
  bounds: Bounds,
  more: { readonly lasts?: number; readonly volumeLost?: true } = {},
): Case {
  return {
    name,
    bounds,
    lasts: more.lasts,
    begin: async (place) => {
      const names = which(place);
      await Promise.all(names.map((each) => stopRole(place.folder, each, 0)));
      if (!more.volumeLost) return;
      for (const folder of names.map((each) => path.join(place.folder.root, each))) {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
      }
    },
    end: async (place) => void (await Promise.all(which(place).map((each) => startRole(place, each)))),
  };
}

/** What the end of one pod of a role does. */
const ofRoles: Readonly<Record<TempoRole, Bounds>> = {
  distributor: { refused: unreachable },
  // One of two live-stores that was asked may lack the newest seconds, until the other is asked.
  "live-store": { notFoundSeconds: back },
  "block-builder": {},
  "metrics-generator": { counted: "fewer" },
  "query-frontend": { "by id": unreachable, search: unreachable },
  querier: {},
  // Nobody who asks waits for it.
  "backend-scheduler": { "by id": slow, search: slow },
  "backend-worker": {},
};

/** What is away, and comes back. */
export const faults: readonly Case[] = [
  { name: "none", bounds: {}, lasts: 0, begin: () => Promise.resolve(), end: () => Promise.resolve() },
  ...tempoRoles.map((role) => away(`a ${role} killed`, last(role), ofRoles[role])),
  away("all live-stores of a zone killed", liveStores(new RegExp(`-${liveStoreZones[0]}-`)), {
    notFoundSeconds: back,
  }),
  away("both live-stores of a partition killed", liveStores(/-1$/), {
    "by id": noPartition,
    search: noPartition,
    // Until what they had in memory is in a block, and that block is known.
    notFoundSeconds: 2 * back,
  }),
  away(
    "a live-store killed, its volume lost",
    last("live-store"),
    { notFoundSeconds: back },
    { volumeLost: true },
  ),
  away(
    "Kafka away for 60 s",
    () => [kafkaName],
    {
      refused: { seconds: 60 + back, words: /^(503|unreachable)/, everywhere: true },
      // Some that are told so are written all the same, as soon as Kafka is back.
      counted: "more",
    },
    { lasts: 60 },
  ),
  away(
    "object storage away for 60 s",
    () => [objectStorageName],
    { "by id": { seconds: 60 + back, words: /^(500|unreachable)/, everywhere: true } },
    { lasts: 60 },
  ),
];

/** What is changed, in the order in which it is. */
export const changes: readonly Case[] = [
  {
    name: "from 2 to 4 partitions",
    bounds: { "by id": noPartition, search: noPartition },
    begin: async (place) => {
      await place.deploy({ kafka: { partitions: 4 } });
      await place.follow();
    },
    end: (place) => partitionsAre(place, 4),
  },
  {
    name: "from 4 to 2 partitions",
    bounds: { "by id": noPartition, search: noPartition },
    begin: async (place) => {
      await drain(place, [3, 2]);
      await place.deploy({ tempo: { acceptLoss: "the other partitions are drained" } });
      await place.follow(rollingIn(place, await place.settings({})));
    },
    end: (place) => partitionsAre(place, 2),
  },
  {
    name: "a rolling update of all pods",
    bounds: {
      refused: { seconds: 900, words: /^(503|unreachable)/, share: 0.05 },
      "by id": { seconds: 900, words: /^(5\d\d|unreachable)/, share: 0.05 },
      search: { seconds: 900, words: /^(5\d\d|unreachable)/, share: 0.05 },
      notFoundSeconds: 900,
      // Generators that come back read some again.
      counted: "more",
    },
    begin: async (place) => {
      const changed = { tempo: { retention: "96h" } };
      await place.deploy(changed);
      await place.follow(rollingIn(place, await place.settings(changed)));
    },
    end: (place) => partitionsAre(place, 2),
  },
];

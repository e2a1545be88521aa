import { z } from "zod";
import { capacityOf, type Capacity } from "../telemetry/capacity.ts";
import { tempoRoles, type TempoRole } from "../telemetry/tempo-roles.ts";
import type { Traffic } from "../telemetry/traffic.ts";
import { mostPartitions, type kafka } from "./kafka.ts";
import { bytes, cores, count, quantityOf, want, type Quantity } from "./units.ts";
import type { Conflict } from "./values.ts";

const amounts = z
  .strictObject({
    cpu: cores("500m").optional().describe("CPU."),
    memory: bytes("2Gi", "1Mi").optional().describe("Memory."),
  })
  .prefault({});

const sized = (name: TempoRole) =>
  z.strictObject({
    requests: amounts.describe(`What each ${name} is sure to get. Default: by traffic.`),
    limits: amounts.describe("The most it may take. Default: by traffic."),
  });

/** A role whose number follows from something else: from partitions, or there is one. */
const counted = (name: TempoRole) => sized(name).prefault({}).describe(`The ${name}.`);

const withReplicas = (name: TempoRole) =>
  sized(name).extend({
    replicas: count(mostPartitions).optional().describe("Replicas. Default: by traffic."),
  });

const replicated = (name: TempoRole) => withReplicas(name).prefault({}).describe(`The ${name}.`);

const percentWanted = want("a whole number from 1 to 100");

/** A role of which any number does, from two on. */
const autoscaled = (name: TempoRole) =>
  withReplicas(name)
    .extend({
      autoscale: z
        .strictObject({
          max: count(mostPartitions).describe("Most replicas. The least: replicas."),
          cpu: z
            .int(percentWanted)
            .min(1, percentWanted)
            .max(100, percentWanted)
            .default(70)
            .describe("Percent of the requested CPU above which there come more, on average of all."),
        })
        .optional()
        .describe("A HorizontalPodAutoscaler, for which the cluster needs a metrics server. Default: none."),
    })
    .prefault({})
    .describe(`The ${name}.`);

/** How much of each role of a distributed Tempo there is, where the traffic does not say it well. */
export const roleSettings = z
  .strictObject({
    distributor: autoscaled("distributor"),
    "live-store": counted("live-store"),
    "block-builder": counted("block-builder"),
    "metrics-generator": replicated("metrics-generator"),
    "query-frontend": replicated("query-frontend"),
    querier: autoscaled("querier"),
    "backend-scheduler": counted("backend-scheduler"),
    "backend-worker": replicated("backend-worker"),
  } satisfies Record<TempoRole, unknown>)
  .prefault({})
  .describe("Roles of a distributed Tempo. What is not set follows from traffic, as docs/scale.md has it.");

interface RoleSettings {
  readonly replicas?: number;
  readonly autoscale?: Autoscale;
  readonly requests: Partial<Pick<Amounts, "cpu" | "memory">>;
  readonly limits: Partial<Pick<Amounts, "cpu" | "memory">>;
}

interface Autoscale {
  readonly max: number;
  readonly cpu: number;
}

type Amounts = Readonly<Record<"cpu" | "memory" | "ephemeralStorage", Quantity>>;

/** The sections by which roles are sized. */
interface Sized {
  readonly tempo: {
    readonly retention: { readonly seconds: number };
    readonly roles: Readonly<Record<TempoRole, RoleSettings>>;
  };
  readonly kafka?: z.infer<typeof kafka>;
  readonly traffic: Traffic;
}

/** What a pod writes to its node beside what a role keeps there. */
const scratch = { request: 64 * 2 ** 20, limit: 256 * 2 ** 20 };

/** What the traffic takes of a distributed Tempo. */
export const capacityFor = ({ tempo, kafka, traffic }: Sized): Capacity =>
  capacityOf(traffic, { retentionSeconds: tempo.retention.seconds, partitions: kafka?.partitions });

/** How much of each role there is: as it is set, else as the traffic takes it. */
export function rolesOf(settings: Sized) {
  const capacity = capacityFor(settings);
  return Object.fromEntries(
    tempoRoles.map((name) => {
      const { replicas, cpu, memory, disk } = capacity.roles[name];
      const set: RoleSettings = settings.tempo.roles[name];
      // What live-stores write is on their volumes.
      const written = name === "live-store" ? 0 : disk;
      const amountsOf = (side: "request" | "limit"): Amounts => ({
        cpu: quantityOf("cores", cpu[side]),
        memory: quantityOf("bytes", memory[side]),
        ephemeralStorage: quantityOf("bytes", written + scratch[side]),
        ...set[`${side}s`],
      });
      const resources = { requests: amountsOf("request"), limits: amountsOf("limit") };
      return [name, { replicas: set.replicas ?? replicas, autoscale: set.autoscale, resources }];
    }),
  ) as Record<TempoRole, RoleSize>;
}

/** How much of a role there is; of one that is scaled, at least so many. */
interface RoleSize {
  readonly replicas: number;
  readonly autoscale?: Autoscale;
  readonly resources: Readonly<Record<"requests" | "limits", Amounts>>;
}

/** What a role is to be sure of and is more than the most it may take, or there may be of it. */
export function contraryRoles(settings: Sized): [Conflict, ...Conflict[]][] {
  const sized = rolesOf(settings);
  const tooMany = tempoRoles.flatMap((name): [Conflict, ...Conflict[]][] => {
    const { replicas, autoscale } = sized[name];
    if (autoscale === undefined || replicas <= autoscale.max) return [];
    const path = ["tempo", "roles", name];
    return [
      [
        { path: [...path, "autoscale", "max"], message: `at least the replicas, ${replicas}` },
        { path: [...path, "replicas"], message: `at most autoscale.max, ${autoscale.max}` },
      ],
    ];
  });
  const tooLarge = tempoRoles.flatMap((name) =>
    (["cpu", "memory"] as const).flatMap((key): [Conflict, ...Conflict[]][] => {
      const { requests, limits } = sized[name].resources;
      if (requests[key].amount <= limits[key].amount) return [];
      const path = (side: string) => ["tempo", "roles", name, side, key];
      return [
        [
          { path: path("requests"), message: `at most the limit, ${limits[key].text}` },
          { path: path("limits"), message: `at least the request, ${requests[key].text}` },
        ],
      ];
    }),
  );
  return [...tooMany, ...tooLarge];
}

/** A role of which anything is set, if there is one. */
export const setRole = ({ tempo }: Pick<Sized, "tempo">): TempoRole | undefined =>
  tempoRoles.find((name) => {
    const { replicas, autoscale, requests, limits }: RoleSettings = tempo.roles[name];
    return (replicas ?? autoscale) !== undefined || Object.keys({ ...requests, ...limits }).length > 0;
  });

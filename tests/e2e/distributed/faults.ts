import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../../clients/wait.ts";
import { otlpPorts } from "../../../components/kubernetes/otlp.ts";
import { ports } from "../../../components/tempo/ports.ts";
import type { SettingsTree } from "../../../engine/overrides.ts";
import { readRecords } from "../../../processes/records.ts";
import { addressesIn } from "../../../sandbox/loopback.ts";
import { rolesIn, type DistributedOptions, type DistributedPlace } from "../../../sandbox/distributed.ts";
import { ollama, type Model } from "../../../traffic/retell.ts";
import type { TempoRole } from "../../../telemetry/tempo-roles.ts";
import { callsOf, callsQuery, countedCalls } from "./counts.ts";
import { askSteadily, missingOf, sendSteadily, type Asked, type Sent } from "./traffic.ts";

/** Something that goes wrong, or is changed, amid traffic. */
export interface Fault {
  /** As the matrix in docs/scale.md names it. */
  readonly name: string;
  /** Seconds between its beginning and its end. @default so long as Kubernetes waits at least when a process crashes again */
  readonly lasts?: number;
  readonly begin: (place: Place) => Promise<void>;
  readonly end: (place: Place) => Promise<void>;
}

/** Where a distributed Tempo runs. */
export interface Place extends DistributedPlace {
  readonly prometheus: string;
  /** The settings that are deployed, some of them changed. */
  readonly settings: (changed: SettingsTree) => Promise<SettingsTree>;
  /** Deploys other settings. */
  readonly deploy: (changed: SettingsTree) => Promise<void>;
  /** Lets processes follow what is deployed. */
  readonly follow: (replace?: DistributedOptions["replace"]) => Promise<void>;
}

/** What a fault did to those who send and ask all the while. */
export interface Effects {
  readonly fault: string;
  /** What was asked of, as no other was. */
  readonly model: Model;
  readonly sent: readonly Sent[];
  readonly asked: readonly Asked[];
  /** Ids of acknowledged traces that are not found any more. */
  readonly lost: readonly string[];
  /** Calls that were acknowledged. */
  readonly calls: number;
  /** When each generator was started last, in seconds since 1970. */
  readonly generators: Readonly<Record<string, number>>;
}

const awaySeconds = 10;

/** Names of a role's pods. */
export const podsOf = ({ folder }: Pick<Place, "folder">, role: TempoRole): string[] =>
  rolesIn(folder)
    .filter((pod) => pod.role === role)
    .map(({ name }) => name);

/** Addresses of a role's pods. */
export function addressesOf(
  place: Pick<Place, "folder">,
  role: TempoRole,
  port: number = ports.http,
): string[] {
  const addresses = addressesIn(place.folder);
  return podsOf(place, role).map((name) => `http://${addresses[name]}:${port}`);
}

let told = 0;

/**
 * Lets a fault happen amid traffic, and looks for all that was acknowledged.
 *
 * @param ready - when it may begin. @default soon
 */
export async function suffer(fault: Fault, place: Place, ready?: Promise<unknown>): Promise<Effects> {
  const model = ollama("llama3.2", `fault-${++told}`);
  // A pod that takes another's place has its address.
  const [doors, frontends] = [
    addressesOf(place, "distributor", otlpPorts.http),
    addressesOf(place, "query-frontend"),
  ];
  const sending = sendSteadily(doors, model, fault.name, 0.2);
  const asking = askSteadily(frontends, sending.sent, 0.5);
  try {
    await Promise.all([sleep(8000), ready]);
    await fault.begin(place);
    await sleep((fault.lasts ?? awaySeconds) * 1000);
    await fault.end(place);
    await sleep(5000);
  } finally {
    await Promise.all([sending.stop(), asking.stop()]);
  }
  const { sent } = sending;
  const taken = sent.filter(({ outcome }) => outcome === "taken").map(({ trace }) => trace);
  const lost = await missingOf(frontends, callsQuery(model), taken, 120);
  return {
    fault: fault.name,
    model,
    sent,
    asked: asking.asked,
    lost: lost.map(({ id }) => id),
    calls: callsOf(model, taken),
    generators: Object.fromEntries(
      readRecords(place.folder.run)
        .filter(({ name }) => podsOf(place, "metrics-generator").includes(name))
        .map(({ name, recordedAt }) => [name, recordedAt / 1000]),
    ),
  };
}

/** How many calls Prometheus has counted of those that a fault left: when it has all, or has had the time to. */
export async function counted(effects: Effects, { prometheus }: Place, seconds: number): Promise<number> {
  const { model, generators, calls } = effects;
  let found = 0;
  const all = async () => {
    found = await countedCalls(prometheus, model, generators);
    return found >= calls;
  };
  await waitFor("calls to be counted", seconds, all, { pauseSeconds: 1 }).catch(() => undefined);
  return found;
}

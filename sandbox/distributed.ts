import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { waitFor } from "../clients/wait.ts";
import { otlpPorts } from "../components/kubernetes/otlp.ts";
import { ports, tempoName } from "../components/tempo/ports.ts";
import { UserError } from "../errors.ts";
import type { Guard } from "../processes/guard.ts";
import { isRunning } from "../processes/identity.ts";
import { readRecords, type ProcessRecord } from "../processes/records.ts";
import { kill, stopTogether } from "../processes/stop.ts";
import type { ToolPaths } from "../tools/ensure.ts";
import { partitionsOf, type RolePod } from "./deployed-roles.ts";
import type { SandboxFolder } from "./folder.ts";
import { ensureTopic, kafkaName, startKafka, type KafkaPlace } from "./kafka.ts";
import { addressesIn, giveAddresses, type Addresses } from "./loopback.ts";
import { objectStorageName, startObjectStorage } from "./object-storage.ts";
import { partitionsKnownAt } from "./partition-ring.ts";
import { startProcess, type Startable } from "./service.ts";
import { externalOf, roleOverlay, type External } from "./tempo-overlay.ts";
import { hostsFile, roleConfigFile, roleIsReady, roleProcess } from "./tempo-role.ts";

/** A distributed Tempo as it is deployed. */
export interface Distributed {
  /** The configuration that all its pods have. */
  readonly config: string;
  readonly pods: readonly RolePod[];
}

/** Where it runs. */
export interface DistributedPlace {
  readonly folder: SandboxFolder;
  readonly guard: Guard;
  readonly tools: ToolPaths;
}

/** How it is started. */
export interface DistributedOptions {
  /**
   * Whether what takes minutes takes seconds: until a block is written and known, and until a partition is forgotten.
   *
   * @default as deployed
   */
  readonly hurried?: boolean;
  /**
   * Puts pods' processes in the place of those that run and are not wanted any more, by {@link stopRole} and {@link startRole}.
   *
   * @default all at once
   */
  readonly replace?: (ending: readonly string[], starting: readonly string[]) => Promise<void>;
}

/** What was started last, to know what another run changes, and to start one of them again. */
interface State {
  readonly pods: readonly RolePod[];
  readonly started: Readonly<Record<string, Pick<Startable, "command" | "arguments" | "environment">>>;
}

/** Programs that it needs beside those of every sandbox. */
export const distributedPrograms = ["versitygw", "kafka"] as const;

const stateFile = ({ root }: SandboxFolder): string => path.join(root, "tempo-roles.json");

function stateIn(folder: SandboxFolder): State {
  const file = stateFile(folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as State) : { pods: [], started: {} };
}

const writeState = (folder: SandboxFolder, state: State): void =>
  writeFileSync(stateFile(folder), JSON.stringify(state, undefined, 2));

/** Gives Kafka, the object storage and each pod an address of its own, and names to these. */
export function placeDistributed(folder: SandboxFolder, { config, pods }: Distributed): Addresses {
  const names = [kafkaName, objectStorageName, ...pods.map(({ name }) => name)];
  const addresses = giveAddresses(folder, names);
  // Written in place: processes see this very file.
  writeFileSync(hostsFile(folder), hostsOf(addresses, pods, externalOf(config)));
  return addresses;
}

/** Names for addresses, as `/etc/hosts` has them: a name of several pods leads to all of them. */
export function hostsOf(addresses: Addresses, pods: readonly RolePod[], external: External): string {
  const lines = [
    ["127.0.0.1", "localhost"],
    [addresses[kafkaName]!, external.kafka.host],
    [addresses[objectStorageName]!, external.storage.host],
    ...pods.flatMap(({ name, hostNames }) => hostNames.map((host) => [addresses[name]!, host])),
  ];
  return lines.map((line) => `${line.join(" ")}\n`).join("");
}

/**
 * Starts Kafka with its topic, the object storage and every pod's process, unless it runs as it is wanted; ends those that are not
 * wanted or were other ones. Waits until all work and spans are taken.
 *
 * @throws UserError when one does not become healthy
 */
export async function startDistributed(
  place: DistributedPlace & DistributedOptions,
  { config, pods }: Distributed,
  prometheusUrl: string,
): Promise<void> {
  const { folder, tools, hurried, replace = atOnce(place) } = place;
  const addresses = addressesIn(folder);
  const external = externalOf(config);
  const running = new Set(runningIn(folder).map(({ name }) => name));
  await Promise.all(
    [kafkaName, objectStorageName]
      .filter((name) => !running.has(name))
      .map((name) => startBeside(place, name, external)),
  );
  await ensureTopic(kafkaPlace(place, external), {
    name: external.kafka.topic,
    partitions: partitionsOf(pods),
  });

  const before = stateIn(folder).started;
  const wanted = pods.map((pod) => {
    const data = path.join(folder.root, pod.name);
    const text = roleOverlay(config, { folder: data, address: addresses[pod.name]!, prometheusUrl, hurried });
    const process = roleProcess(pod, addresses[pod.name]!, folder, tools);
    const { command, arguments: words, environment } = process;
    return { name: pod.name, data, text, started: { command, arguments: words, environment } };
  });
  const keeping = wanted.filter(
    ({ name, text, started }) =>
      running.has(name) &&
      isDeepStrictEqual(before[name], started) &&
      readFileSync(roleConfigFile(folder, name), "utf8") === text,
  );
  const write = (some: typeof wanted) =>
    writeState(folder, {
      pods,
      started: Object.fromEntries(some.map(({ name, started }) => [name, started])),
    });
  // What is not started yet is not taken for what runs, should this end before.
  write(keeping);
  for (const { name, data, text } of wanted) {
    mkdirSync(data, { recursive: true });
    writeFileSync(roleConfigFile(folder, name), text);
  }
  const kept = new Set(keeping.map(({ name }) => name));
  await replace(
    [...running].filter((name) => isRole(name) && !kept.has(name)),
    wanted.map(({ name }) => name).filter((name) => !kept.has(name)),
  );
  write(wanted);
  // As its volume does, a pod's folder ends with it.
  for (const name of Object.keys(before).filter((each) => !pods.some((pod) => pod.name === each))) {
    rmSync(roleConfigFile(folder, name), { force: true });
    rmSync(path.join(folder.root, name), { recursive: true, force: true });
  }
  await takesSpans(folder, pods);
}

const atOnce =
  (place: DistributedPlace): Required<DistributedOptions>["replace"] =>
  async (ending, starting) => {
    await stopRoles(place.folder, (name) => ending.includes(name));
    await Promise.all(starting.map((name) => startRole(place, name)));
  };

const kafkaPlace = ({ folder, tools }: DistributedPlace, { kafka }: External): KafkaPlace => ({
  folder,
  jars: tools.kafka,
  address: addressesIn(folder)[kafkaName]!,
  port: kafka.port,
});

const startBeside = (place: DistributedPlace, name: string, external: External): Promise<void> =>
  name === kafkaName
    ? startKafka(kafkaPlace(place, external), place.guard)
    : startObjectStorage(
        { folder: place.folder, address: addressesIn(place.folder)[name]!, ...external.storage },
        place.guard,
        place.tools,
      );

/** Whether all of a distributed Tempo that was started last still runs and is ready. */
export async function distributedIsHealthy(folder: SandboxFolder): Promise<boolean> {
  const running = runningIn(folder).map(({ name }) => name);
  const names = stateIn(folder).pods.map(({ name }) => name);
  if (![kafkaName, objectStorageName, ...names].every((name) => running.includes(name))) return false;
  const addresses = addressesIn(folder);
  const answers = await Promise.all(names.map((name) => roleIsReady(addresses[name]!)));
  return answers.every(Boolean);
}

/**
 * Starts one process by its name, again as it was started last, and waits until it is ready: a pod's, Kafka's or the object storage's.
 * What it has written is still there.
 */
export async function startRole(place: DistributedPlace, name: string): Promise<void> {
  const { folder, guard, tools } = place;
  const { pods } = stateIn(folder);
  const pod = pods.find((each) => each.name === name);
  if (pod) return startProcess(roleProcess(pod, addressesIn(folder)[name]!, folder, tools), guard);
  const [any] = pods;
  if (!any || ![kafkaName, objectStorageName].includes(name)) {
    throw new UserError(`No ${name} was started in the sandbox.`);
  }
  return startBeside(place, name, externalOf(readFileSync(roleConfigFile(folder, any.name), "utf8")));
}

/** Ends one process by its name: a pod's, Kafka's or the object storage's. With no grace it is killed at once. */
export async function stopRole(folder: SandboxFolder, name: string, graceSeconds: number): Promise<void> {
  const records = runningIn(folder).filter((record) => record.name === name);
  await (graceSeconds > 0 ? stopTogether(records, graceSeconds) : kill(records));
}

/** The pods that were started last. */
export const rolesIn = (folder: SandboxFolder): readonly RolePod[] => stateIn(folder).pods;

/** Ends pods' processes all at once: they do not end in any order of their own in a cluster either, and some never do. */
export async function stopRoles(
  folder: SandboxFolder,
  which: (name: string) => boolean = () => true,
): Promise<void> {
  await stopTogether(runningIn(folder).filter(({ name }) => isRole(name) && which(name)));
}

/** Ends a distributed Tempo with Kafka and the object storage, and forgets its pods. What these have written stays. */
export async function stopDistributed(folder: SandboxFolder): Promise<void> {
  await stopRoles(folder);
  await stopTogether(runningIn(folder).filter(({ name }) => [kafkaName, objectStorageName].includes(name)));
  for (const { name } of stateIn(folder).pods) rmSync(roleConfigFile(folder, name), { force: true });
  rmSync(stateFile(folder), { force: true });
}

/** Where a distributed Tempo is reached: its first query-frontend, and its first distributor. */
export function distributedAddresses(addresses: Addresses, pods: readonly RolePod[]) {
  const first = (role: string) => addresses[pods.find((pod) => pod.role === role)!.name]!;
  const distributor = first("distributor");
  return {
    tempo: `http://${first("query-frontend")}:${ports.http}`,
    tempoOtlpHttp: `http://${distributor}:${otlpPorts.http}`,
    tempoOtlpGrpc: `http://${distributor}:${otlpPorts.grpc}`,
  };
}

/** A distributor says that it is ready before it takes any span: it needs partitions, which are pending for some 10 s. */
async function takesSpans(folder: SandboxFolder, pods: readonly RolePod[]): Promise<void> {
  const addresses = addressesIn(folder);
  const partitions = partitionsOf(pods);
  for (const { name } of pods.filter(({ role }) => role === "distributor")) {
    await waitFor(`${name} to see ${partitions} active partitions`, 120, async () => {
      const states = Object.values(await partitionsKnownAt(addresses[name]!));
      const active = states.filter((state) => state === "active");
      return active.length >= partitions;
    });
  }
}

/** Whether a process is a pod's of a distributed Tempo. */
const isRole = (name: string): boolean => name.startsWith(`${tempoName}-`);

const runningIn = (folder: SandboxFolder): ProcessRecord[] => readRecords(folder.run).filter(isRunning);

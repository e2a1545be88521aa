import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { collectorName, ports as collectorPorts } from "../components/collector/ports.ts";
import { ports as tempoPorts } from "../components/tempo/ports.ts";
import { UserError } from "../errors.ts";
import { saltVariable } from "../components/collector/privacy.ts";
import type { ToolPaths } from "../tools/ensure.ts";
import type { Log } from "../terminal/log.ts";
import type { Guard } from "../processes/guard.ts";
import { isRunning } from "../processes/identity.ts";
import { readRecords } from "../processes/records.ts";
import { stopInTurn } from "../processes/stop.ts";
import type { ProgramName } from "../tools/programs.ts";
import type { ApiClient } from "../clients/kubernetes.ts";
import type { SandboxFolder } from "./folder.ts";
import { choosePorts, type Ports } from "./ports.ts";
import { request, urlBelow, wordsOf } from "../clients/http.ts";
import type { Servers } from "../clients/question.ts";
import { prometheusFiles } from "./scraping.ts";
import { PortTaken, startService, type Service } from "./service.ts";
import { collector, prometheus, prometheusFolder, tempo, textOf } from "./backend-services.ts";
import {
  distributedAddresses,
  distributedIsHealthy,
  placeDistributed,
  rolesIn,
  startDistributed,
  stopDistributed,
  type DistributedOptions,
} from "./distributed.ts";
import { addressesIn, forgetAddresses, giveAddresses } from "./loopback.ts";
import { objectStorageKeys, objectStorageName, startObjectStorage } from "./object-storage.ts";
import { bucketHere, configsIn, configsOf, writeConfigs } from "./backend-configs.ts";
import { deployedIn, type Deployed } from "./deployed-configs.ts";

/** Programs that store what the stack is about. */
export const backendPrograms: readonly ProgramName[] = ["tempo", "prometheus", "otelcol-contrib"];

/** Addresses of a Tempo, a Prometheus and a collector on this machine. */
export interface Backends extends Servers {
  /** Where applications send to: the collector if one is deployed, else Tempo. */
  readonly otlpHttp: string;
  readonly otlpGrpc: string;
  /** Where Tempo itself takes spans, as they are. */
  readonly tempoOtlpHttp: string;
  readonly tempoOtlpGrpc: string;
}

interface BackendsOptions {
  readonly folder: SandboxFolder;
  readonly api: ApiClient;
  readonly guard: Guard;
  readonly tools: ToolPaths;
  readonly log: Log;
  /** Where the collector writes logs, and as whom. @default nowhere: nobody listens there */
  readonly openobserve?: { readonly url: string; readonly authorization: string };
  /** How a distributed Tempo is started. @default as deployed, all at once */
  readonly roles?: DistributedOptions;
}

/**
 * Starts Tempo and the collector with the configurations that are deployed in the cluster, as their pods would have them, and
 * Prometheus with the targets and rules that are deployed. What runs with the same configuration stays; Prometheus reads
 * another one again.
 *
 * @throws UserError when one does not become healthy, or Prometheus refuses the rules
 */
export async function startBackends(options: BackendsOptions): Promise<Backends> {
  const { folder, api, log } = options;
  const deployed = await deployedIn(api);
  giveAddressesTo(deployed, options);
  const known = readPorts(folder);
  const running =
    isWhole(known, deployed) &&
    isDeepStrictEqual(configsOf(deployed, options, known), configsIn(folder)) &&
    (await healthy(folder, known, deployed.pods.length > 0));
  if (running) {
    if (deployed.pods.length > 0) {
      await log.step("Starting what is new of Tempo", 60, () => startTempo(options, deployed, known));
    }
    if (await writePrometheusFiles(options, known)) await reload(folder, known);
    return addresses(known, folder);
  }
  await stopServices(folder);
  const what =
    deployed.collectors.length > 0 ? "Prometheus, Tempo and the collector" : "Prometheus and Tempo";
  const seconds = deployed.pods.length > 0 ? 75 : 15;
  const ports = await log.step(`Starting ${what}`, seconds, () => start(options, deployed, known));
  return addresses(ports, folder);
}

/** The backends that were started last, if they still run and are healthy. */
export async function runningBackends(folder: SandboxFolder): Promise<Backends | undefined> {
  const ports = readPorts(folder);
  return ports && (await healthy(folder, ports)) ? addresses(ports, folder) : undefined;
}

const distributedOf = ({ tempo, pods }: Deployed) => ({ config: tempo, pods });

/** Gives addresses to what listens on the ports that are deployed: a distributed Tempo and what is beside it, or a monolith's bucket. */
function giveAddressesTo(deployed: Deployed, options: BackendsOptions): void {
  if (deployed.pods.length > 0) placeDistributed(options.folder, distributedOf(deployed));
  else if (bucketHere(deployed, options)) giveAddresses(options.folder, [objectStorageName]);
}

/** Starts the bucket of a monolithic Tempo; what it held is still there. */
async function startBucket(deployed: Deployed, options: BackendsOptions): Promise<void> {
  const bucket = bucketHere(deployed, options);
  const { folder, guard, tools } = options;
  const address = addressesIn(folder)[objectStorageName]!;
  if (bucket) await startObjectStorage({ folder, address, ...bucket }, guard, tools);
}

const startTempo = (options: BackendsOptions, deployed: Deployed, ports: Ports): Promise<void> =>
  startDistributed(
    { ...options, ...options.roles },
    distributedOf(deployed),
    `http://127.0.0.1:${ports["prometheus"]}`,
  );

const portsOf = ({ pods, collectors }: Deployed): readonly string[] => [
  ...[prometheus, ...(pods.length > 0 ? [] : [tempo])].flatMap(({ ports }) => ports),
  ...collectors.flatMap((_, replica) => collector(replica).ports),
];

const attempts = 5;

async function start(options: BackendsOptions, deployed: Deployed, known: Ports | undefined): Promise<Ports> {
  const { folder, guard, tools, openobserve } = options;
  const environment = {
    OPENOBSERVE_AUTHORIZATION: openobserve?.authorization ?? "",
    // The Secret is not in the sandbox.
    [saltVariable]: "sandbox",
    ...objectStorageKeys,
  };
  for (let attempt = 1; ; attempt++) {
    // The same ports as before if they are free: applications may have been told of them.
    const ports = attempt === 1 && isWhole(known, deployed) ? known : await choosePorts(portsOf(deployed));
    const place = { folder, ports };
    writeConfigs(configsOf(deployed, options, ports), folder);
    await writePrometheusFiles(options, ports);
    writeFileSync(portsFile(folder), JSON.stringify(ports));
    try {
      await startBucket(deployed, options);
      for (const service of servicesIn(folder)) {
        await startService(service, place, guard, tools, environment);
        if (service === prometheus && deployed.pods.length > 0) await startTempo(options, deployed, ports);
      }
      return ports;
    } catch (error) {
      await stopServices(folder);
      if (!(error instanceof PortTaken) || attempt === attempts) throw error;
      forgetAddresses(folder);
      giveAddressesTo(deployed, options);
    }
  }
}

/** Writes what Prometheus is to scrape and to evaluate. True when that is other than what was there. */
async function writePrometheusFiles({ folder, api }: BackendsOptions, ports: Ports): Promise<boolean> {
  const pods = addressesIn(folder);
  const wanted = await prometheusFiles(api, (pod, port) => {
    if (pod in pods) return `${pods[pod]}:${port}`;
    const name =
      port === tempoPorts.http ? "tempo-http" : port === collectorPorts.metrics ? `${pod}-metrics` : "";
    return name in ports ? `127.0.0.1:${ports[name]}` : undefined;
  });
  const place = prometheusFolder(folder);
  mkdirSync(place, { recursive: true });
  const there = Object.fromEntries(readdirSync(place).map((file) => [file, textOf(path.join(place, file))!]));
  if (isDeepStrictEqual(there, wanted)) return false;
  rmSync(place, { recursive: true });
  mkdirSync(place);
  for (const [file, text] of Object.entries(wanted)) writeFileSync(path.join(place, file), text);
  return true;
}

async function reload(folder: SandboxFolder, ports: Ports): Promise<void> {
  const { status, text } = await request(
    "Prometheus",
    urlBelow(addresses(ports, folder).prometheus, "/-/reload"),
    {
      body: "",
    },
  );
  if (status !== 200) {
    // So that the next run does not take it for what runs.
    rmSync(prometheusFolder(folder), { recursive: true });
    const log = path.relative(process.cwd(), path.join(folder.logs, "prometheus.log"));
    throw new UserError(`Prometheus refuses what is deployed: ${wordsOf(text)}\nIts log: ${log}`);
  }
}

/** What runs: each after what it sends to. */
function servicesIn(folder: SandboxFolder): readonly Service[] {
  const files = Object.keys(configsIn(folder));
  const collectors = files.filter((file) => file.startsWith(collectorName));
  return [
    prometheus,
    ...(files.includes("tempo.yaml") ? [tempo] : []),
    ...collectors.map((_, replica) => collector(replica)),
  ];
}

function addresses(ports: Ports, folder: SandboxFolder): Backends {
  const services = servicesIn(folder);
  const at = (port: string) => `http://127.0.0.1:${ports[port]}`;
  const itself = services.includes(tempo)
    ? { tempo: at("tempo-http"), tempoOtlpHttp: at("otlp-http"), tempoOtlpGrpc: at("otlp-grpc") }
    : distributedAddresses(addressesIn(folder), rolesIn(folder));
  const door = collector(0).name;
  const collects = services.some(({ name }) => name === door);
  return {
    ...itself,
    prometheus: at("prometheus"),
    otlpHttp: collects ? at(`${door}-http`) : itself.tempoOtlpHttp,
    otlpGrpc: collects ? at(`${door}-grpc`) : itself.tempoOtlpGrpc,
  };
}

/** @param rolesMayChange - Whether a distributed Tempo is looked after elsewhere. */
async function healthy(folder: SandboxFolder, ports: Ports, rolesMayChange = false): Promise<boolean> {
  const names = readRecords(folder.run)
    .filter(isRunning)
    .map(({ name }) => name);
  const services = servicesIn(folder);
  if (!services.every(({ name }) => names.includes(name))) return false;
  const answers = await Promise.all([
    ...services.map((service) => service.isHealthy({ folder, ports })),
    rolesMayChange || services.includes(tempo) || distributedIsHealthy(folder),
  ]);
  return answers.every(Boolean);
}

async function stopServices(folder: SandboxFolder): Promise<void> {
  const running = readRecords(folder.run).filter(isRunning);
  const ofName = (isName: (name: string) => boolean) => running.filter(({ name }) => isName(name));
  await stopInTurn(ofName((name) => name.startsWith(`${collectorName}-`)));
  await stopDistributed(folder);
  await stopInTurn(ofName((name) => [prometheus.name, tempo.name].includes(name)));
}

const portsFile = (folder: SandboxFolder): string => path.join(folder.root, "backends.json");

/** The ports of the backends that were started last. */
export function readPorts(folder: SandboxFolder): Ports | undefined {
  const text = textOf(portsFile(folder));
  return text ? (JSON.parse(text) as Ports) : undefined;
}

/** Whether these are ports of everything that is to run. */
const isWhole = (ports: Ports | undefined, deployed: Deployed): ports is Ports =>
  ports !== undefined && portsOf(deployed).every((name) => name in ports);

import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
import {
  collector,
  collectorPortsIn,
  prometheus,
  prometheusFolder,
  tempo,
  tempoPortsIn,
  textOf,
} from "./backend-services.ts";
import { deployedIn, type Deployed } from "./deployed-configs.ts";
import { collectorOverlay } from "./collector-overlay.ts";
import { overlay } from "./tempo-overlay.ts";

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
  const known = readPorts(folder);
  const running =
    isWhole(known, deployed) &&
    isDeepStrictEqual(configsOf(deployed, options, known), configsIn(folder)) &&
    (await healthy(folder, known));
  if (running) {
    if (await writePrometheusFiles(options, known)) await reload(folder, known);
    return addresses(known, folder);
  }
  await stopServices(folder);
  const what =
    deployed.collectors.length > 0 ? "Prometheus, Tempo and the collector" : "Prometheus and Tempo";
  const ports = await log.step(`Starting ${what}`, 15, () => start(options, deployed, known));
  return addresses(ports, folder);
}

/** The backends that were started last, if they still run and are healthy. */
export async function runningBackends(folder: SandboxFolder): Promise<Backends | undefined> {
  const ports = readPorts(folder);
  return ports && (await healthy(folder, ports)) ? addresses(ports, folder) : undefined;
}

const portsOf = ({ collectors }: Deployed): readonly string[] => [
  ...[prometheus, tempo].flatMap(({ ports }) => ports),
  ...collectors.flatMap((_, replica) => collector(replica).ports),
];
const attempts = 5;

async function start(options: BackendsOptions, deployed: Deployed, known: Ports | undefined): Promise<Ports> {
  const { folder, guard, tools, openobserve } = options;
  const environment = {
    OPENOBSERVE_AUTHORIZATION: openobserve?.authorization ?? "",
    // The Secret is not in the sandbox.
    [saltVariable]: "sandbox",
  };
  for (let attempt = 1; ; attempt++) {
    // The same ports as before if they are free: applications may have been told of them.
    const ports = attempt === 1 && isWhole(known, deployed) ? known : await choosePorts(portsOf(deployed));
    const place = { folder, ports };
    writeConfigs(configsOf(deployed, options, ports), folder);
    await writePrometheusFiles(options, ports);
    writeFileSync(portsFile(folder), JSON.stringify(ports));
    try {
      for (const service of servicesIn(folder)) {
        await startService(service, place, guard, tools, environment);
      }
      return ports;
    } catch (error) {
      await stopServices(folder);
      if (!(error instanceof PortTaken) || attempt === attempts) throw error;
    }
  }
}

/** Writes what Prometheus is to scrape and to evaluate. True when that is other than what was there. */
async function writePrometheusFiles({ folder, api }: BackendsOptions, ports: Ports): Promise<boolean> {
  const wanted = await prometheusFiles(api, (pod, port) => {
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

/** The deployed configurations as they run here, by file. */
function configsOf(
  deployed: Deployed,
  { folder: { root }, openobserve }: BackendsOptions,
  ports: Ports,
): Record<string, string> {
  const otlp = { otlpGrpc: ports["otlp-grpc"]!, otlpHttp: ports["otlp-http"]! };
  const collectors = deployed.collectors.map((text, replica) => {
    const { name } = collector(replica);
    const config = collectorOverlay(text, {
      folder: path.join(root, name),
      ports: collectorPortsIn(ports, replica),
      tempoUrl: `http://127.0.0.1:${otlp.otlpHttp}`,
      openobserveUrl: openobserve?.url,
      prometheusUrl: `http://127.0.0.1:${ports["prometheus"]}`,
    });
    return [`${name}.yaml`, config] as const;
  });
  return {
    "tempo.yaml": overlay(deployed.tempo, {
      folder: path.join(root, "tempo"),
      ports: tempoPortsIn(ports),
      prometheusUrl: `http://127.0.0.1:${ports["prometheus"]}`,
    }),
    ...Object.fromEntries(collectors),
  };
}

/** The configurations that were written last. */
const configsIn = ({ root }: SandboxFolder): Record<string, string> =>
  Object.fromEntries(
    globSync(["tempo.yaml", `${collectorName}-*.yaml`], { cwd: root }).map((file) => [
      file,
      readFileSync(path.join(root, file), "utf8"),
    ]),
  );

function writeConfigs(configs: Readonly<Record<string, string>>, { root }: SandboxFolder): void {
  for (const file of Object.keys(configsIn({ root } as SandboxFolder))) rmSync(path.join(root, file));
  for (const [file, text] of Object.entries(configs)) {
    mkdirSync(path.join(root, path.basename(file, ".yaml")), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
}

/** What runs: each after what it sends to. */
const servicesIn = (folder: SandboxFolder): readonly Service[] => [
  prometheus,
  tempo,
  ...Object.keys(configsIn(folder))
    .filter((file) => file.startsWith(collectorName))
    .map((_, replica) => collector(replica)),
];

function addresses(ports: Ports, folder: SandboxFolder): Backends {
  const door = servicesIn(folder).length > 2 ? collector(0).name : "otlp";
  return {
    tempo: `http://127.0.0.1:${ports["tempo-http"]}`,
    prometheus: `http://127.0.0.1:${ports["prometheus"]}`,
    otlpHttp: `http://127.0.0.1:${ports[`${door}-http`]}`,
    otlpGrpc: `http://127.0.0.1:${ports[`${door}-grpc`]}`,
    tempoOtlpHttp: `http://127.0.0.1:${ports["otlp-http"]}`,
    tempoOtlpGrpc: `http://127.0.0.1:${ports["otlp-grpc"]}`,
  };
}

async function healthy(folder: SandboxFolder, ports: Ports): Promise<boolean> {
  const names = readRecords(folder.run)
    .filter(isRunning)
    .map(({ name }) => name);
  const services = servicesIn(folder);
  if (!services.every(({ name }) => names.includes(name))) return false;
  const answers = await Promise.all(services.map((service) => service.isHealthy({ folder, ports })));
  return answers.every(Boolean);
}

async function stopServices(folder: SandboxFolder): Promise<void> {
  const isBackend = ({ name }: { name: string }) =>
    [prometheus.name, tempo.name].includes(name) || name.startsWith(`${collectorName}-`);
  await stopInTurn(readRecords(folder.run).filter((record) => isBackend(record) && isRunning(record)));
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

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { ports as tempoPorts } from "../components/tempo/ports.ts";
import { UserError } from "../errors.ts";
import type { ToolPaths } from "../tools/ensure.ts";
import type { Log } from "../terminal/log.ts";
import type { Guard } from "../processes/guard.ts";
import { isRunning } from "../processes/identity.ts";
import { readRecords } from "../processes/records.ts";
import { stopInTurn } from "../processes/stop.ts";
import type { ProgramName } from "../tools/programs.ts";
import type { ApiClient, KubernetesObject } from "../clients/kubernetes.ts";
import type { SandboxFolder } from "./folder.ts";
import { choosePorts, type Ports } from "./ports.ts";
import { answersOk, request, urlBelow, wordsOf } from "../clients/http.ts";
import type { Servers } from "../clients/question.ts";
import { prometheusFiles } from "./scraping.ts";
import { PortTaken, startService, type Service } from "./service.ts";
import { overlay } from "./tempo-overlay.ts";

/** Programs that store what the stack is about. */
export const backendPrograms: readonly ProgramName[] = ["tempo", "prometheus"];

/** Addresses of a Tempo and a Prometheus on this machine. */
export interface Backends extends Servers {
  readonly otlpHttp: string;
  readonly otlpGrpc: string;
}

interface BackendsOptions {
  readonly folder: SandboxFolder;
  readonly api: ApiClient;
  readonly guard: Guard;
  readonly tools: ToolPaths;
  readonly log: Log;
}

/**
 * Starts Tempo with the configuration that is deployed in the cluster, as its pod would have it, and Prometheus with the
 * targets and rules that are deployed. What runs with the same configuration stays; Prometheus reads another one again.
 *
 * @throws UserError when one does not become healthy, or Prometheus refuses the rules
 */
export async function startBackends(options: BackendsOptions): Promise<Backends> {
  const { folder, api, log } = options;
  const deployed = await deployedConfig(api);
  const configFile = path.join(folder.root, "tempo.yaml");
  const known = readPorts(folder);
  const running =
    known && configOf(deployed, folder, known) === textOf(configFile) && (await healthy(folder, known));
  if (running) {
    if (await writePrometheusFiles(options, known)) await reload(folder, known);
    return addresses(known);
  }
  await stopServices(folder, ["tempo", "prometheus"]);
  const ports = await log.step("Starting Prometheus and Tempo", 15, () =>
    start(options, deployed, configFile, known),
  );
  return addresses(ports);
}

/** The backends that were started last, if they still run and are healthy. */
export async function runningBackends(folder: SandboxFolder): Promise<Backends | undefined> {
  const ports = readPorts(folder);
  return ports && (await healthy(folder, ports)) ? addresses(ports) : undefined;
}

const portNames = ["prometheus", "tempo-http", "tempo-grpc", "otlp-grpc", "otlp-http"] as const;
const attempts = 5;

async function start(
  options: BackendsOptions,
  deployed: string,
  configFile: string,
  known: Ports | undefined,
): Promise<Ports> {
  const { folder, guard, tools } = options;
  for (let attempt = 1; ; attempt++) {
    // The same ports as before if they are free: applications may have been told of them.
    const ports = attempt === 1 && known ? known : await choosePorts(portNames);
    const place = { folder, ports };
    mkdirSync(path.join(folder.root, "tempo"), { recursive: true });
    writeFileSync(configFile, configOf(deployed, folder, ports));
    await writePrometheusFiles(options, ports);
    writeFileSync(portsFile(folder), JSON.stringify(ports));
    try {
      await startService(prometheus, place, guard, tools);
      await startService(tempo, place, guard, tools);
      return ports;
    } catch (error) {
      await stopServices(folder, ["tempo", "prometheus"]);
      if (!(error instanceof PortTaken) || attempt === attempts) throw error;
    }
  }
}

/** Writes what Prometheus is to scrape and to evaluate. True when that is other than what was there. */
async function writePrometheusFiles({ folder, api }: BackendsOptions, ports: Ports): Promise<boolean> {
  const wanted = await prometheusFiles(api, (port) =>
    port === tempoPorts.http ? `127.0.0.1:${ports["tempo-http"]}` : undefined,
  );
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
  const { status, text } = await request("Prometheus", urlBelow(addresses(ports).prometheus, "/-/reload"), {
    body: "",
  });
  if (status !== 200) {
    // So that the next run does not take it for what runs.
    rmSync(prometheusFolder(folder), { recursive: true });
    const log = path.relative(process.cwd(), path.join(folder.logs, "prometheus.log"));
    throw new UserError(`Prometheus refuses what is deployed: ${wordsOf(text)}\nIts log: ${log}`);
  }
}

const prometheusFolder = (folder: SandboxFolder): string => path.join(folder.root, "prometheus-config");

/** Prometheus, with its configuration and data in the folder. */
export const prometheus: Service = {
  name: "prometheus",
  program: "prometheus",
  ports: ["prometheus"],
  arguments: ({ folder, ports }) => [
    `--config.file=${path.join(prometheusFolder(folder), "prometheus.yml")}`,
    `--storage.tsdb.path=${path.join(folder.root, "prometheus")}`,
    `--web.listen-address=127.0.0.1:${ports["prometheus"]}`,
    // The two switches that the README asks of every user.
    "--web.enable-remote-write-receiver",
    "--enable-feature=exemplar-storage",
    // To reload.
    "--web.enable-lifecycle",
  ],
  isHealthy: ({ ports }) => answersOk(`http://127.0.0.1:${ports["prometheus"]}/-/ready`),
};

/** Tempo, with its configuration and data in the folder. */
export const tempo: Service = {
  name: "tempo",
  program: "tempo",
  ports: ["tempo-http", "tempo-grpc", "otlp-grpc", "otlp-http"],
  arguments: ({ folder }) => [
    "-target=all",
    `-config.file=${path.join(folder.root, "tempo.yaml")}`,
    "-config.expand-env=true",
  ],
  isHealthy: ({ ports }) => answersOk(`http://127.0.0.1:${ports["tempo-http"]}/ready`),
};

/** Tempo's configuration, read from the ConfigMap that its StatefulSet mounts. */
async function deployedConfig(api: ApiClient): Promise<string> {
  const [statefulSet] = (await api.list({ apiVersion: "apps/v1", kind: "StatefulSet" })).filter(
    ({ metadata }) => metadata.name === "tempo",
  );
  if (!statefulSet)
    throw new UserError("There is no StatefulSet tempo in the sandbox: deploy the stack first.");
  const name = mountedConfigMap(statefulSet);
  const namespace = statefulSet.metadata.namespace;
  const configMap = await api.get<{ data: Record<string, string> }>(
    `/api/v1/namespaces/${namespace}/configmaps/${name}`,
  );
  const text = configMap?.data["tempo.yaml"];
  if (!text) throw new UserError(`The ConfigMap ${namespace}/${name} that Tempo mounts has no tempo.yaml.`);
  return text;
}

function mountedConfigMap(statefulSet: KubernetesObject): string | undefined {
  const { template } = statefulSet["spec"] as {
    template: { spec: { volumes: { name: string; configMap?: { name: string } }[] } };
  };
  return template.spec.volumes.find(({ name }) => name === "config")?.configMap?.name;
}

const configOf = (deployed: string, folder: SandboxFolder, ports: Ports): string =>
  overlay(deployed, {
    folder: path.join(folder.root, "tempo"),
    ports: {
      http: ports["tempo-http"]!,
      grpc: ports["tempo-grpc"]!,
      otlpGrpc: ports["otlp-grpc"]!,
      otlpHttp: ports["otlp-http"]!,
    },
    prometheusUrl: addresses(ports).prometheus,
  });

const addresses = (ports: Ports): Backends => ({
  tempo: `http://127.0.0.1:${ports["tempo-http"]}`,
  prometheus: `http://127.0.0.1:${ports["prometheus"]}`,
  otlpHttp: `http://127.0.0.1:${ports["otlp-http"]}`,
  otlpGrpc: `http://127.0.0.1:${ports["otlp-grpc"]}`,
});

async function healthy(folder: SandboxFolder, ports: Ports): Promise<boolean> {
  const names = readRecords(folder.run)
    .filter(isRunning)
    .map(({ name }) => name);
  const services = [prometheus, tempo];
  if (!services.every(({ name }) => names.includes(name))) return false;
  const answers = await Promise.all(services.map((service) => service.isHealthy({ folder, ports })));
  return answers.every(Boolean);
}

async function stopServices(folder: SandboxFolder, names: readonly string[]): Promise<void> {
  await stopInTurn(
    readRecords(folder.run).filter((record) => names.includes(record.name) && isRunning(record)),
  );
}

const portsFile = (folder: SandboxFolder): string => path.join(folder.root, "backends.json");

/** The ports of the backends that were started last. */
export function readPorts(folder: SandboxFolder): Ports | undefined {
  const text = textOf(portsFile(folder));
  return text ? (JSON.parse(text) as Ports) : undefined;
}

const textOf = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, "utf8") : undefined;

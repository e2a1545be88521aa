import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { collectorArgs, tempoArgs } from "../../../assembly/wiring.ts";
import { collectorConfig } from "../../../components/collector/config.ts";
import type { CollectorConfig } from "../../../components/collector/schema.ts";
import { goMemoryLimit } from "../../../components/kubernetes/environment.ts";
import { tempoConfig } from "../../../components/tempo/config.ts";
import type { Guard } from "../../../processes/guard.ts";
import { collectorOverlay } from "../../../sandbox/collector-overlay.ts";
import { sandboxFolder } from "../../../sandbox/folder.ts";
import { choosePorts } from "../../../sandbox/ports.ts";
import { startOpenObserve, type OpenObserve } from "../../../sandbox/openobserve/server.ts";
import type { Hit } from "../../../sandbox/openobserve/records.ts";
import type { Service } from "../../../sandbox/service.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { overlay } from "../../../sandbox/tempo-overlay.ts";
import {
  collector,
  collectorPortsIn,
  prometheus,
  tempo,
  tempoPortsIn,
} from "../../../sandbox/backend-services.ts";
import type { ToolPaths } from "../../../tools/ensure.ts";
import { settingsOf } from "../../contract/product.ts";
import { recordOf, startAgain, type Pair } from "../restart/kubelet.ts";

/** The volume of each queue, as the setting `collector.queue.size` has it. */
const queueSize = "256Mi";

/** Tempo, Prometheus, a stand-in for OpenObserve and collectors, each with the generated configuration, and no control plane. */
export interface Rig {
  readonly pair: Pair;
  readonly prometheus: string;
  /** Where Tempo answers. */
  readonly tempo: string;
  readonly openobserve: LogStore;
  readonly replicas: readonly Replica[];
}

/** OpenObserve's stand-in, which may end and come again with what it had. */
export interface LogStore {
  readonly url: string;
  /** All lines that it took. */
  lines(): readonly Hit[];
  end(): Promise<void>;
  start(): Promise<void>;
}

/** A collector. */
export interface Replica {
  readonly service: Service;
  readonly otlpHttp: string;
  readonly otlpGrpc: string;
  /** Where it tells of itself. */
  readonly own: string;
  /** Most memory of its container, in bytes. */
  readonly memoryBytes: number;
  /** Starts it, again on the queue that it had. */
  start(): Promise<void>;
}

const authorization = "Basic d3JpdGVyOnBhc3Njb2Rl";

async function startLogStore(): Promise<LogStore> {
  let running: OpenObserve | undefined = await startOpenObserve({ authorization });
  const { url } = running;
  const before: Hit[] = [];
  const now = (): readonly Hit[] => [...(running?.streams.values() ?? [])].flat();
  return {
    url,
    lines: () => [...before, ...now()],
    end: async () => {
      await running?.close();
      before.push(...now());
      running = undefined;
    },
    start: async () => {
      running = await startOpenObserve({ authorization, port: Number(new URL(url).port) });
    },
  };
}

/** The name that the rig has among the pairs of a cluster; it is the only one. */
export const rigPair = "rig";

/**
 * Makes the configurations and starts everything.
 *
 * @param memory - bytes that each collector's container has. A process of this machine has all of the machine's instead, of
 * which the limiter would take its share: it is told the container's.
 */
export async function startRig(
  root: string,
  guard: Guard,
  tools: ToolPaths,
  memory: readonly ("deployed" | number)[],
): Promise<Rig> {
  const pair = { guard, tools, pairFolder: () => root };
  const folder = sandboxFolder(root);
  const services = memory.map((_, replica) => collector(replica));
  const ports = await choosePorts([prometheus, tempo, ...services].flatMap((service) => service.ports));
  writeFileSync(path.join(root, "backends.json"), JSON.stringify(ports));
  const { tempo: shared } = await sandboxSettings();
  const settings = settingsOf("dev", {
    tempo: shared,
    collector: { queue: { size: queueSize } },
    openobserve: { credentialsSecret: { name: "openobserve-writer" } },
  });
  const openobserve = await startLogStore();
  const prometheusUrl = `http://127.0.0.1:${ports["prometheus"]}`;
  const otlp = { otlpGrpc: ports["otlp-grpc"]!, otlpHttp: ports["otlp-http"]! };
  const write = (name: string, config: string) => {
    mkdirSync(path.join(root, name), { recursive: true });
    writeFileSync(path.join(root, `${name}.yaml`), config);
  };
  write(
    tempo.name,
    overlay(stringify(tempoConfig(tempoArgs(settings))), {
      folder: path.join(root, tempo.name),
      ports: tempoPortsIn(ports),
      prometheusUrl,
    }),
  );
  const args = collectorArgs(settings);
  const replicas = services.map((service, replica): Replica => {
    const { name } = service;
    const { memory: deployed } = args.resources.limits;
    const wanted = memory[replica]!;
    const amount = wanted === "deployed" ? deployed.amount : wanted;
    const config = collectorOverlay(stringify(withMemory(collectorConfig(args), amount)), {
      folder: path.join(root, name),
      ports: collectorPortsIn(ports, replica),
      tempoUrl: `http://127.0.0.1:${otlp.otlpHttp}`,
      prometheusUrl,
      openobserveUrl: openobserve.url,
    });
    write(name, config);
    const limits = { ...args.resources.limits, memory: { ...deployed, amount } };
    const variable = goMemoryLimit(limits) as { name: string; value: string };
    const program = path.join(root, `${name}.sh`);
    writeFileSync(
      program,
      `#!/bin/sh\nOPENOBSERVE_AUTHORIZATION='${authorization}' ${variable.name}=${variable.value} exec '${tools["otelcol-contrib"]}' "$@"\n`,
    );
    chmodSync(program, 0o755);
    return {
      service,
      otlpHttp: `http://127.0.0.1:${ports[`${name}-http`]}`,
      otlpGrpc: `http://127.0.0.1:${ports[`${name}-grpc`]}`,
      own: `http://127.0.0.1:${ports[`${name}-metrics`]}`,
      memoryBytes: amount,
      start: () => startAgain(pair, rigPair, service, { "otelcol-contrib": program }),
    };
  });
  mkdirSync(folder.logs, { recursive: true });
  mkdirSync(path.join(root, "prometheus-config"));
  writeFileSync(path.join(root, "prometheus-config", "prometheus.yml"), "{}\n");
  for (const service of [prometheus, tempo]) await startAgain(pair, rigPair, service);
  for (const replica of replicas) await replica.start();
  const tempoUrl = `http://127.0.0.1:${ports["tempo-http"]}`;
  return { pair, prometheus: prometheusUrl, tempo: tempoUrl, openobserve, replicas };
}

/** The shares of the memory, as so much of them as a container has. */
function withMemory(config: CollectorConfig, bytes: number): CollectorConfig {
  const {
    limit_percentage: limit,
    spike_limit_percentage: spike,
    ...others
  } = config.processors["memory_limiter"] as { limit_percentage: number; spike_limit_percentage: number };
  const mebibytes = (percent: number) => Math.floor((bytes * percent) / 100 / 2 ** 20);
  const limiter = { ...others, limit_mib: mebibytes(limit), spike_limit_mib: mebibytes(spike) };
  return { ...config, processors: { ...config.processors, memory_limiter: limiter } };
}

/** What a collector's process has of the machine's memory, in bytes, without the file that it maps. */
export function memoryOf({ pair }: Rig, { service }: Replica): number {
  const { pid } = recordOf(pair, rigPair, service)!;
  const [, kibibytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))!;
  return Number(kibibytes) * 1024;
}

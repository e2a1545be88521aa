import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { parse, stringify } from "yaml";
import { tempoArgs } from "../../../assembly/wiring.ts";
import { privacyProcessors } from "../../../components/collector/privacy.ts";
import { tempoConfig } from "../../../components/tempo/config.ts";
import type { Servers } from "../../../clients/question.ts";
import type { Guard } from "../../../processes/guard.ts";
import { readRecords } from "../../../processes/records.ts";
import { stopInTurn } from "../../../processes/stop.ts";
import { sandboxFolder, type SandboxFolder } from "../../../sandbox/folder.ts";
import { choosePorts, type Ports } from "../../../sandbox/ports.ts";
import { startProcess, startService, type Place } from "../../../sandbox/service.ts";
import { overlay } from "../../../sandbox/tempo-overlay.ts";
import { prometheus, tempo } from "../../../sandbox/trace-backends.ts";
import { saltVariable, type PrivacyMode } from "../../../telemetry/privacy.ts";
import type { ToolPaths } from "../../../tools/ensure.ts";
import { settingsOf } from "../../contract/product.ts";
import { sandboxLine } from "../tempo-lines.ts";

/** Salt of the hashes. */
export const salt = "pepper-of-the-test";

/** Where Tempo and Prometheus answer. */
export type Stores = Pick<Servers, "tempo" | "prometheus">;

/** A collector with the privacy rules of a mode, and stores of its own behind it. */
export interface Gateway {
  readonly mode: PrivacyMode;
  readonly otlpHttp: string;
  /** Folder of the queue that is on disk while the stores are away. */
  readonly queue: string;
  /** Folder of Tempo's log and blocks, and of Prometheus' data. */
  readonly data: Readonly<Record<"tempo" | "prometheus", string>>;
  /** File of every log record that the store of logs was given. */
  readonly logs: string;
  /** Starts the stores, so that the queue empties. */
  openStores(): Promise<Stores>;
  /** Ends Prometheus, which then writes down what it had in memory. */
  closePrometheus(): Promise<void>;
  close(): void;
}

interface GatewayOptions {
  readonly mode: PrivacyMode;
  readonly root: string;
  readonly guard: Guard;
  readonly tools: ToolPaths;
  readonly collector: string;
}

/** What goes with a mode in the settings. */
const privacyOf = (mode: PrivacyMode): object => ({
  mode,
  ...(mode === "off" && { reason: "to show what can be found" }),
  ...(mode === "identities" && { saltSecret: { name: "salt" } }),
});

/** Starts a collector whose stores are away, until they are opened. */
export async function startGateway({
  mode,
  root,
  guard,
  tools,
  collector,
}: GatewayOptions): Promise<Gateway> {
  const folder = sandboxFolder(path.join(root, mode));
  [folder.logs, folder.run, at(folder, "tempo"), at(folder, "queue")].forEach((each) =>
    mkdirSync(each, { recursive: true }),
  );
  const ports = await choosePorts(["collector"]);
  const stores = await openDoor(at(folder, "logs.bin"));
  const settings = settingsOf("dev", { privacy: privacyOf(mode), tempo: { line: sandboxLine } });
  const config = collectorConfig(settings, { ports, stores: stores.url, queue: at(folder, "queue") });
  writeFileSync(at(folder, "collector.yaml"), stringify(config, { lineWidth: 0 }));
  await startProcess(
    {
      name: "collector",
      command: collector,
      arguments: [`--config=file:${at(folder, "collector.yaml")}`],
      directory: folder.root,
      environment: { [saltVariable]: salt },
      logs: folder.logs,
      isHealthy: () => listens(ports["collector"]!),
    },
    guard,
  );
  return {
    mode,
    otlpHttp: url(ports["collector"]!),
    queue: at(folder, "queue"),
    data: { tempo: at(folder, "tempo"), prometheus: at(folder, "prometheus") },
    logs: at(folder, "logs.bin"),
    async openStores() {
      mkdirSync(at(folder, "prometheus-config"), { recursive: true });
      writeFileSync(at(folder, "prometheus-config", "prometheus.yml"), "{}\n");
      const ports = await choosePorts([...tempo.ports, ...prometheus.ports]);
      const place: Place = { folder, ports };
      writeFileSync(at(folder, "tempo.yaml"), hastened(settings, place));
      await startService(prometheus, place, guard, tools);
      await startService(tempo, place, guard, tools);
      stores.open(url(ports["otlp-http"]!));
      return { tempo: url(ports["tempo-http"]!), prometheus: url(ports["prometheus"]!) };
    },
    closePrometheus: () => stopInTurn(readRecords(folder.run).filter(({ name }) => name === prometheus.name)),
    close: () => stores.close(),
  };
}

const at = ({ root }: SandboxFolder, ...parts: string[]): string => path.join(root, ...parts);
const url = (port: number): string => `http://127.0.0.1:${port}`;

const listens = (port: number): Promise<boolean> =>
  fetch(`${url(port)}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  }).then(
    ({ ok }) => ok,
    () => false,
  );

type Settings = ReturnType<typeof settingsOf>;

function collectorConfig(
  settings: Settings,
  { ports, stores, queue }: { readonly ports: Ports; readonly stores: string; readonly queue: string },
): object {
  const { services } = settings.applications;
  const { processors, order } = privacyProcessors({ mode: settings.privacy.mode, services });
  const sending = {
    sending_queue: { storage: "file_storage" },
    retry_on_failure: { initial_interval: "1s", max_interval: "2s", max_elapsed_time: "0s" },
  };
  return {
    extensions: { file_storage: { directory: queue } },
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${ports["collector"]}` } } } },
    processors,
    exporters: {
      "otlp_http/tempo": { endpoint: stores, ...sending },
      "otlp_http/logs": { endpoint: stores, ...sending },
    },
    service: {
      extensions: ["file_storage"],
      telemetry: { metrics: { level: "none" } },
      pipelines: {
        traces: { receivers: ["otlp"], processors: order.traces, exporters: ["otlp_http/tempo"] },
        logs: { receivers: ["otlp"], processors: order.logs, exporters: ["otlp_http/logs"] },
      },
    },
  };
}

/** Tempo as it is deployed, but it writes blocks after seconds, so that there are some to look into, and counts old spans. */
function hastened(settings: Settings, { folder, ports }: Place): string {
  const deployed = overlay(stringify(tempoConfig(tempoArgs(settings))), {
    folder: at(folder, "tempo"),
    ports: {
      http: ports["tempo-http"]!,
      grpc: ports["tempo-grpc"]!,
      otlpGrpc: ports["otlp-grpc"]!,
      otlpHttp: ports["otlp-http"]!,
    },
    prometheusUrl: url(ports["prometheus"]!),
  });
  const config = parse(deployed) as Record<string, Record<string, unknown>>;
  const [section, sooner] = config["live_store"]
    ? (["live_store", { max_trace_idle: "2s", max_block_duration: "10s", flush_check_period: "2s" }] as const)
    : ([
        "ingester",
        { trace_idle_period: "2s", max_block_duration: "10s", flush_check_period: "2s" },
      ] as const);
  // What waited in the queue is counted all the same.
  const generator = { ...config["metrics_generator"], metrics_ingestion_time_range_slack: "30m" };
  return stringify(
    { ...config, metrics_generator: generator, [section]: { ...config[section], ...sooner } },
    { lineWidth: 0 },
  );
}

/**
 * The door to the stores, which answers 503 until it is opened. Then log records are kept in a file as they came, and spans are
 * handed on to Tempo.
 */
async function openDoor(file: string) {
  let tempo: string | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const { "content-type": type = "", "content-encoding": encoding } = request.headers;
      const answer = (status: number) => response.writeHead(status, { "content-type": type }).end();
      if (tempo === undefined) return void answer(503);
      if (request.url === "/v1/logs") {
        appendFileSync(file, encoding === "gzip" ? gunzipSync(body) : body);
        return void answer(200);
      }
      const headers = { "content-type": type, ...(encoding && { "content-encoding": encoding }) };
      fetch(`${tempo}/v1/traces`, { method: "POST", headers, body }).then(
        ({ status }) => answer(status),
        () => answer(503),
      );
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  writeFileSync(file, "");
  return {
    url: url((server.address() as AddressInfo).port),
    open: (otlpHttp: string) => void (tempo = otlpHttp),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** One address for the applications, which hands all on to each gateway. */
export async function startTee(
  gateways: readonly Gateway[],
  { root, guard, collector }: Pick<GatewayOptions, "root" | "guard" | "collector">,
): Promise<{ otlpGrpc: string; otlpHttp: string }> {
  const ports = await choosePorts(["grpc", "http"]);
  const exporters = Object.fromEntries(
    gateways.map(({ mode, otlpHttp }) => [`otlp_http/${mode}`, { endpoint: otlpHttp }]),
  );
  const pipeline = { receivers: ["otlp"], exporters: Object.keys(exporters) };
  const config = {
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: `127.0.0.1:${ports["grpc"]}` },
          http: { endpoint: `127.0.0.1:${ports["http"]}` },
        },
      },
    },
    exporters,
    service: { telemetry: { metrics: { level: "none" } }, pipelines: { traces: pipeline, logs: pipeline } },
  };
  const file = path.join(root, "tee.yaml");
  writeFileSync(file, stringify(config));
  await startProcess(
    {
      name: "tee",
      command: collector,
      arguments: [`--config=file:${file}`],
      directory: root,
      environment: {},
      logs: root,
      isHealthy: () => listens(ports["http"]!),
    },
    guard,
  );
  return { otlpGrpc: url(ports["grpc"]!), otlpHttp: url(ports["http"]!) };
}

import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { parse, stringify } from "yaml";
import { collectorArgs, tempoArgs } from "../../../assembly/wiring.ts";
import { collectorConfig } from "../../../components/collector/config.ts";
import { tempoConfig } from "../../../components/tempo/config.ts";
import type { Servers } from "../../../clients/question.ts";
import type { Guard } from "../../../processes/guard.ts";
import { readRecords } from "../../../processes/records.ts";
import { stopInTurn } from "../../../processes/stop.ts";
import { collectorOverlay } from "../../../sandbox/collector-overlay.ts";
import { sandboxFolder, type SandboxFolder } from "../../../sandbox/folder.ts";
import { choosePorts } from "../../../sandbox/ports.ts";
import { startProcess, startService, type Place } from "../../../sandbox/service.ts";
import { overlay } from "../../../sandbox/tempo-overlay.ts";
import {
  collector,
  collectorPortsIn,
  prometheus,
  tempo,
  tempoPortsIn,
} from "../../../sandbox/backend-services.ts";
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
}

/** What goes with a mode in the settings. */
const privacyOf = (mode: PrivacyMode): object => ({
  mode,
  ...(mode === "off" && { reason: "to show what can be found" }),
  ...(mode === "identities" && { saltSecret: { name: "salt" } }),
});

/** Starts a collector whose stores are away, until they are opened. */
export async function startGateway({ mode, root, guard, tools }: GatewayOptions): Promise<Gateway> {
  const { name, ports: own } = collector(0);
  const folder = sandboxFolder(path.join(root, mode));
  [folder.logs, folder.run, at(folder, "tempo"), at(folder, name)].forEach((each) =>
    mkdirSync(each, { recursive: true }),
  );
  const ports = await choosePorts([...own, ...tempo.ports, ...prometheus.ports]);
  const place: Place = { folder, ports };
  const stores = await openDoor(at(folder, "logs.bin"));
  const settings = settingsOf("dev", {
    privacy: privacyOf(mode),
    openobserve: { credentialsSecret: { name: "openobserve-writer" } },
    tempo: { line: sandboxLine },
  });
  writeFileSync(at(folder, `${name}.yaml`), collectorText(settings, place, stores.url));
  const secrets = { [saltVariable]: salt, OPENOBSERVE_AUTHORIZATION: "Basic cGVvcGxlOm5vYm9keQ==" };
  await startService(collector(0), place, guard, tools, secrets);
  return {
    mode,
    otlpHttp: url(ports[`${name}-http`]!),
    queue: at(folder, name),
    data: { tempo: at(folder, "tempo"), prometheus: at(folder, "prometheus") },
    logs: at(folder, "logs.bin"),
    async openStores() {
      mkdirSync(at(folder, "prometheus-config"), { recursive: true });
      writeFileSync(at(folder, "prometheus-config", "prometheus.yml"), "{}\n");
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

type Settings = ReturnType<typeof settingsOf>;

/** The collector as it is deployed. */
function collectorText(settings: Settings, { folder, ports }: Place, stores: string): string {
  const { name } = collector(0);
  return collectorOverlay(stringify(collectorConfig(collectorArgs(settings))), {
    folder: at(folder, name),
    ports: collectorPortsIn(ports, 0),
    tempoUrl: stores,
    openobserveUrl: stores,
    prometheusUrl: url(ports["prometheus"]!),
  });
}

/** Tempo as it is deployed, but it writes blocks after seconds, so that there are some to look into, and counts old spans. */
function hastened(settings: Settings, { folder, ports }: Place): string {
  const deployed = overlay(stringify(tempoConfig(tempoArgs(settings))), {
    folder: at(folder, "tempo"),
    ports: tempoPortsIn(ports),
    prometheusUrl: url(ports["prometheus"]!),
  });
  const config = parse(deployed) as Record<string, Record<string, unknown>>;
  // Else blocks say that they begin later than what waited in the queue, and no search looks into them.
  const { trace } = config["storage"] as { trace: { wal: Record<string, string> } };
  trace.wal["ingestion_time_range_slack"] = "30m";
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
      if (request.url === "/api/default/v1/logs") {
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
  { root, guard, tools }: Pick<GatewayOptions, "root" | "guard" | "tools">,
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
    service: {
      telemetry: { metrics: { level: "none" } },
      pipelines: { traces: pipeline, logs: pipeline, metrics: pipeline },
    },
  };
  const file = path.join(root, "tee.yaml");
  writeFileSync(file, stringify(config));
  await startProcess(
    {
      name: "tee",
      command: tools["otelcol-contrib"],
      arguments: [`--config=file:${file}`],
      directory: root,
      environment: {},
      logs: root,
      isHealthy: () =>
        fetch(`${url(ports["http"]!)}/v1/traces`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: "{}",
        }).then(
          ({ ok }) => ok,
          () => false,
        ),
    },
    guard,
  );
  return { otlpGrpc: url(ports["grpc"]!), otlpHttp: url(ports["http"]!) };
}

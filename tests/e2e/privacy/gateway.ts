import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
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
import { startService, type Place } from "../../../sandbox/service.ts";
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
import { openDoor } from "./door.ts";

/** Salt of the hashes. */
export const salt = "pepper-of-the-test";

/** Where Tempo and Prometheus answer. */
export type Stores = Pick<Servers, "tempo" | "prometheus">;

/** A collector with the privacy rules of a mode, and stores of its own behind it. */
export interface Gateway {
  readonly mode: PrivacyMode;
  readonly otlpHttp: string;
  /** Where it tells of itself. */
  readonly own: string;
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

/** What a gateway is started with. */
export interface GatewayOptions {
  readonly mode: PrivacyMode;
  readonly root: string;
  readonly guard: Guard;
  readonly tools: ToolPaths;
  /** @default {@link salt} */
  readonly saltOf?: string;
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
  saltOf = salt,
}: GatewayOptions): Promise<Gateway> {
  const { name, ports: own } = collector(0);
  const folder = sandboxFolder(path.join(root, mode));
  [folder.logs, folder.run, at(folder, "tempo"), at(folder, name)].forEach((each) =>
    mkdirSync(each, { recursive: true }),
  );
  const ports = await choosePorts(own);
  const stores = await openDoor(at(folder, "logs.bin"));
  const settings = settingsOf("dev", {
    privacy: privacyOf(mode),
    openobserve: { credentialsSecret: { name: "openobserve-writer" } },
    tempo: { line: sandboxLine },
  });
  writeFileSync(at(folder, `${name}.yaml`), collectorText(settings, { folder, ports }, stores.url));
  const secrets = { [saltVariable]: saltOf, OPENOBSERVE_AUTHORIZATION: "Basic cGVvcGxlOm5vYm9keQ==" };
  await startService(collector(0), { folder, ports }, guard, tools, secrets);
  return {
    mode,
    otlpHttp: url(ports[`${name}-http`]!),
    own: url(ports[`${name}-metrics`]!),
    queue: at(folder, name),
    data: { tempo: at(folder, "tempo"), prometheus: at(folder, "prometheus") },
    logs: at(folder, "logs.bin"),
    async openStores() {
      // Now: a port that waits for minutes is taken by somebody else.
      const ports = await choosePorts([...tempo.ports, ...prometheus.ports]);
      const place: Place = { folder, ports };
      mkdirSync(at(folder, "prometheus-config"), { recursive: true });
      writeFileSync(at(folder, "prometheus-config", "prometheus.yml"), "{}\n");
      writeFileSync(at(folder, "tempo.yaml"), hastened(settings, place));
      await startService(prometheus, place, guard, tools);
      await startService(tempo, place, guard, tools);
      const opened = { tempo: url(ports["tempo-http"]!), prometheus: url(ports["prometheus"]!) };
      stores.open({ otlpHttp: url(ports["otlp-http"]!), prometheus: opened.prometheus });
      return opened;
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
    prometheusUrl: stores,
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

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { answersOk } from "../clients/http.ts";
import { collectorName } from "../components/collector/ports.ts";
import type { SandboxFolder } from "./folder.ts";
import type { Ports } from "./ports.ts";
import type { Service } from "./service.ts";

/** Folder of Prometheus's configuration. */
export const prometheusFolder = (folder: SandboxFolder): string =>
  path.join(folder.root, "prometheus-config");

/** Prometheus, with its configuration and data in the folder. */
export const prometheus: Service = {
  name: "prometheus",
  program: "prometheus",
  ports: ["prometheus"],
  arguments: ({ folder, ports }) => [
    `--config.file=${path.join(prometheusFolder(folder), "prometheus.yml")}`,
    `--storage.tsdb.path=${path.join(folder.root, "prometheus")}`,
    `--web.listen-address=127.0.0.1:${ports["prometheus"]}`,
    // What the README and docs/cluster.md ask of every user.
    "--web.enable-remote-write-receiver",
    `--enable-feature=${["exemplar-storage", ...(makesNative(folder) ? ["native-histograms"] : [])].join()}`,
    // To reload.
    "--web.enable-lifecycle",
  ],
  isHealthy: ({ ports }) => answersOk(`http://127.0.0.1:${ports["prometheus"]}/-/ready`),
};

/** Whether the Tempo of a folder writes native histograms. */
const makesNative = (folder: SandboxFolder): boolean =>
  textOf(path.join(folder.root, "tempo.yaml"))?.includes("generate_native_histograms: native") ?? false;

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

/** A replica of the collector, with its configuration and queue in the folder. */
export function collector(replica: number): Service {
  const name = `${collectorName}-${replica}`;
  return {
    name,
    program: "otelcol-contrib",
    ports: ["grpc", "http", "metrics", "health"].map((port) => `${name}-${port}`),
    arguments: ({ folder }) => [`--config=file:${path.join(folder.root, `${name}.yaml`)}`],
    isHealthy: ({ ports }) => answersOk(`http://127.0.0.1:${ports[`${name}-health`]}/`),
  };
}

/** Where Tempo listens, as its configuration names it. */
export const tempoPortsIn = (ports: Ports) => ({
  http: ports["tempo-http"]!,
  grpc: ports["tempo-grpc"]!,
  otlpGrpc: ports["otlp-grpc"]!,
  otlpHttp: ports["otlp-http"]!,
});

/** Where a replica of the collector listens. */
export function collectorPortsIn(ports: Ports, replica: number) {
  const [otlpGrpc, otlpHttp, metrics, health] = collector(replica).ports.map((name) => ports[name]!);
  return { otlpGrpc: otlpGrpc!, otlpHttp: otlpHttp!, metrics: metrics!, health: health! };
}

/** What a file has; undefined where there is none. */
export const textOf = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, "utf8") : undefined;

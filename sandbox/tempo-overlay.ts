import { parse, stringify } from "yaml";
import { configFolder, dataFolder } from "../components/tempo/ports.ts";
import { tlsFolder } from "../components/tempo/tls.ts";

/** What is different about Tempo as a process on this machine. */
export interface TempoPlace {
  /** Takes the place of the data volume and of the configuration's. */
  readonly folder: string;
  readonly ports: {
    readonly http: number;
    readonly grpc: number;
    readonly otlpGrpc: number;
    readonly otlpHttp: number;
  };
  readonly prometheusUrl: string;
  /**
   * Takes the place of the folder with the receivers' certificates.
   *
   * @default none: the receivers speak plain text, whatever is deployed
   */
  readonly tlsFolder?: string;
}

interface DeployedConfig {
  server: Record<string, unknown>;
  distributor: {
    receivers: { otlp: { protocols: Record<"grpc" | "http", { endpoint: string; tls?: object }> } };
  };
  metrics_generator: { storage: { remote_write: { url: string }[] } };
}

/**
 * The deployed configuration, made to run here. All that changes: it listens on 127.0.0.1 and on ports of its own,
 * its files are in a folder of the sandbox, it writes its metrics to the sandbox's Prometheus, and it takes spans without TLS
 * where no certificates are given: none of them leaves the machine.
 */
export function overlay(deployed: string, place: TempoPlace): string {
  const { folder, ports, prometheusUrl } = place;
  const config = parse(
    deployed
      .replaceAll(dataFolder, folder)
      .replaceAll(tlsFolder, place.tlsFolder ?? folder)
      .replaceAll(configFolder, folder),
  ) as DeployedConfig;
  Object.assign(config.server, {
    http_listen_address: "127.0.0.1",
    http_listen_port: ports.http,
    grpc_listen_address: "127.0.0.1",
    grpc_listen_port: ports.grpc,
  });
  const { grpc, http } = config.distributor.receivers.otlp.protocols;
  grpc.endpoint = `127.0.0.1:${ports.otlpGrpc}`;
  http.endpoint = `127.0.0.1:${ports.otlpHttp}`;
  if (place.tlsFolder === undefined) [grpc, http].forEach((receiver) => delete receiver.tls);
  for (const target of config.metrics_generator.storage.remote_write) {
    target.url = `${prometheusUrl}/api/v1/write`;
  }
  return stringify(config, { lineWidth: 0 });
}

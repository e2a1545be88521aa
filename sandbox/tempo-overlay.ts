import { parse, stringify } from "yaml";
import { configFolder, dataFolder } from "../components/tempo/ports.ts";
import { tlsFolder, type OtlpProtocol } from "../components/kubernetes/otlp.ts";

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

type Protocols = Record<"grpc" | "http", OtlpProtocol>;

interface DeployedConfig {
  server: Record<string, unknown>;
  distributor: {
    receivers: { otlp: { protocols: Protocols } };
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
  moveReceivers(config.distributor.receivers.otlp.protocols, ports);
  if (place.tlsFolder === undefined) withoutTls(config.distributor.receivers.otlp.protocols);
  for (const target of config.metrics_generator.storage.remote_write) {
    target.url = `${prometheusUrl}/api/v1/write`;
  }
  return stringify(config, { lineWidth: 0 });
}

/** Lets receivers listen on ports of this machine's own. */
export function moveReceivers(
  protocols: Protocols,
  ports: { readonly otlpGrpc: number; readonly otlpHttp: number },
): void {
  protocols.grpc.endpoint = `127.0.0.1:${ports.otlpGrpc}`;
  protocols.http.endpoint = `127.0.0.1:${ports.otlpHttp}`;
}

/** Lets receivers speak plain text. */
export const withoutTls = (protocols: Protocols): void =>
  Object.values(protocols).forEach((protocol) => delete protocol.tls);

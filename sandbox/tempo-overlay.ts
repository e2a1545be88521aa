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
  /**
   * Where an S3 server listens that takes the place of the one that is deployed.
   *
   * @default as deployed
   */
  readonly objectStorage?: { readonly address: string; readonly port: number };
}

type Protocols = Record<"grpc" | "http", OtlpProtocol>;

interface DeployedConfig {
  server: Record<string, unknown>;
  distributor: {
    receivers: { otlp: { protocols: Protocols } };
  };
  metrics_generator: { storage: { remote_write: { url: string }[] } };
  storage: { trace: { s3?: Bucket } };
}

interface Bucket {
  bucket: string;
  endpoint: string;
  insecure: boolean;
  forcepathstyle: boolean;
}

/**
 * The deployed configuration, made to run here. All that changes: it listens on 127.0.0.1 and on ports of its own,
 * its files are in a folder of the sandbox, it writes its metrics to the sandbox's Prometheus, it has a bucket of the sandbox's where one
 * is given, and it takes spans without TLS where no certificates are given: none of them leaves the machine.
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
  const { s3 } = config.storage.trace;
  if (s3 && place.objectStorage) {
    const { address, port } = place.objectStorage;
    Object.assign(s3, { endpoint: `${address}:${port}`, insecure: true, forcepathstyle: true });
  }
  for (const target of config.metrics_generator.storage.remote_write) {
    target.url = `${prometheusUrl}/api/v1/write`;
  }
  return stringify(config, { lineWidth: 0 });
}

/** What is different about a role of a distributed Tempo as a process on this machine. */
export interface RolePlace {
  /** Takes the place of its volumes. */
  readonly folder: string;
  /** Where it listens, on the ports that are deployed. */
  readonly address: string;
  readonly prometheusUrl: string;
  /**
   * Whether what takes minutes takes seconds: until a block is written and known, and until a partition is forgotten.
   *
   * @default as deployed
   */
  readonly hurried?: boolean;
}

/** The waits of a hurried one, in seconds: a tenth of Tempo's own 5 minutes, and a thirty-fifth of what is deployed. */
export const hurriedSeconds = { blockCycle: 30, blocklistPoll: 30, forgettingPartitions: 60 } as const;

interface DistributedConfig extends DeployedConfig {
  memberlist: Record<string, unknown>;
  live_store: { partition_ring: { delete_inactive_partition_after: string } };
  block_builder: { consume_cycle_duration?: string };
  ingest: { kafka: { address: string; topic: string; sasl_username?: string; sasl_password?: string } };
  storage: {
    trace: { blocklist_poll?: string; s3: Bucket };
  };
}

/** Where a distributed Tempo expects Kafka and its bucket. */
export interface External {
  readonly kafka: { readonly host: string; readonly port: number; readonly topic: string };
  readonly storage: ExternalBucket;
}

/** Where Tempo expects a bucket. */
export interface ExternalBucket {
  readonly host: string;
  readonly port: number;
  readonly bucket: string;
}

/** What a deployed configuration says of what is beside Tempo. */
export function externalOf(deployed: string): External {
  const { ingest } = parse(deployed) as DistributedConfig;
  const { address, topic } = ingest.kafka;
  return { kafka: { ...hostAndPort(address, 9092), topic }, storage: bucketOf(deployed)! };
}

/** Where a deployed configuration has a bucket of an S3 server's; undefined where it has none. */
export function bucketOf(deployed: string): ExternalBucket | undefined {
  const { s3 } = (parse(deployed) as DeployedConfig).storage.trace;
  return s3 && { ...hostAndPort(s3.endpoint, s3.insecure ? 80 : 443), bucket: s3.bucket };
}

const hostAndPort = (address: string, usual: number) => {
  const [, host, port] = /^(.*?)(?::(\d+))?$/.exec(address)!;
  return { host: host!, port: Number(port ?? usual) };
};

/**
 * The configuration of a distributed Tempo, made to run here as one of its pods. All that changes: it listens on its own address alone,
 * its files are in a folder of the sandbox, it writes its metrics to the sandbox's Prometheus, and it speaks plain text. Names stay, and
 * lead to this machine. A hurried one waits less.
 */
export function roleOverlay(
  deployed: string,
  { folder, address, prometheusUrl, hurried = false }: RolePlace,
): string {
  const config = parse(
    deployed.replaceAll(dataFolder, folder).replaceAll(tlsFolder, folder).replaceAll(configFolder, folder),
  ) as DistributedConfig;
  Object.assign(config.server, { http_listen_address: address, grpc_listen_address: address });
  const { protocols } = config.distributor.receivers.otlp;
  for (const protocol of Object.values(protocols)) {
    protocol.endpoint = protocol.endpoint.replace("0.0.0.0", address);
  }
  withoutTls(protocols);
  config.memberlist["bind_addr"] = [address];
  // The broker here asks nobody who he is.
  delete config.ingest.kafka.sasl_username;
  delete config.ingest.kafka.sasl_password;
  Object.assign(config.storage.trace.s3, { insecure: true, forcepathstyle: true });
  for (const target of config.metrics_generator.storage.remote_write) {
    target.url = `${prometheusUrl}/api/v1/write`;
  }
  if (hurried) hurry(config);
  return stringify(config, { lineWidth: 0 });
}

function hurry(config: DistributedConfig): void {
  const { blockCycle, blocklistPoll, forgettingPartitions } = hurriedSeconds;
  config.block_builder.consume_cycle_duration = `${blockCycle}s`;
  config.storage.trace.blocklist_poll = `${blocklistPoll}s`;
  config.live_store.partition_ring.delete_inactive_partition_after = `${forgettingPartitions}s`;
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

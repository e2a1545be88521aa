/** Name of Tempo's objects, and beginning of those that there are several of. */
export const tempoName = "tempo";

/** Ports Tempo listens on beside those of OTLP. */
export const ports = {
  /** HTTP API, `/metrics` and `/ready`. */
  http: 3200,
  /** gRPC between its roles. */
  grpc: 9095,
  /** Gossip between its roles: who is there, and who has which partition. */
  gossip: 7946,
} as const;

/** Folder of the configuration, which nobody can write to. */
export const configFolder = "/etc/tempo";

/** Folder of the data volume. */
export const dataFolder = "/var/tempo";

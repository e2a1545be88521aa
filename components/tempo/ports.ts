/** Ports Tempo listens on. */
export const ports = {
  /** HTTP API, `/metrics` and `/ready`. */
  http: 3200,
  /** OTLP over gRPC. */
  otlpGrpc: 4317,
  /** OTLP over HTTP. */
  otlpHttp: 4318,
} as const;

/** Folder of the configuration, which nobody can write to. */
export const configFolder = "/etc/tempo";

/** Folder of the data volume. */
export const dataFolder = "/var/tempo";

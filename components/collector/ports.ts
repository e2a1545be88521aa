/** Name of the collector's objects, and beginning of those that there are several of. */
export const collectorName = "otel";

/** Ports the collector listens on beside those of OTLP. */
export const ports = {
  /** Its own metrics, `/metrics`. */
  metrics: 8888,
  /** Whether it runs, `/`. */
  health: 13133,
} as const;

/** Folder of the configuration, which nobody can write to. */
export const configFolder = "/etc/otelcol";

/** Folder of the queue's volume. */
export const queueFolder = "/var/otelcol";

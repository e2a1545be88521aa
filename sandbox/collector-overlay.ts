import { parse, stringify } from "yaml";
import { queueFolder } from "../components/collector/ports.ts";
import type { CollectorConfig } from "../components/collector/schema.ts";
import { tlsFolder } from "../components/kubernetes/otlp.ts";
import { moveReceivers, withoutTls } from "./tempo-overlay.ts";

/** What is different about the collector as a process on this machine. */
export interface CollectorPlace {
  /** Takes the place of the queue's volume. */
  readonly folder: string;
  readonly ports: {
    readonly otlpGrpc: number;
    readonly otlpHttp: number;
    readonly metrics: number;
    readonly health: number;
  };
  /** Where Tempo takes OTLP over HTTP. */
  readonly tempoUrl: string;
  readonly prometheusUrl: string;
  /**
   * Takes the place of OpenObserve's address.
   *
   * @default one at which nobody listens
   */
  readonly openobserveUrl?: string;
  /**
   * Takes the place of the folder with the certificates.
   *
   * @default none: all is plain text, whatever is deployed
   */
  readonly tlsFolder?: string;
}

/** The part of a reader that says where metrics are shown. */
interface Reader {
  pull: { exporter: { prometheus: object } };
}

/** Port 9 is "discard": nothing listens there. */
const nowhere = "http://127.0.0.1:9";

/** The parts of an exporter that say where it sends to. */
interface Exporter {
  endpoint: string;
  tls?: object;
}

/**
 * The deployed configuration, made to run here. All that changes: it listens on 127.0.0.1 and on ports of its own, its queue is
 * in a folder of the sandbox, it sends to the sandbox's Tempo and Prometheus, and without TLS where no certificates are given: nothing leaves
 * the machine.
 */
export function collectorOverlay(deployed: string, place: CollectorPlace): string {
  const { folder, ports } = place;
  const config = parse(
    deployed.replaceAll(queueFolder, folder).replaceAll(tlsFolder, place.tlsFolder ?? folder),
  ) as CollectorConfig;
  const { protocols } = config.receivers.otlp;
  moveReceivers(protocols, ports);
  Object.assign(config.extensions["health_check"]!, { endpoint: `127.0.0.1:${ports.health}` });
  const [reader] = config.service.telemetry.metrics.readers as [Reader];
  Object.assign(reader.pull.exporter.prometheus, { host: "127.0.0.1", port: ports.metrics });
  const tempo = config.exporters["otlp_http/tempo"] as Exporter;
  tempo.endpoint = place.tempoUrl;
  const openobserve = config.exporters["otlp_http/openobserve"] as Exporter | undefined;
  if (openobserve) {
    openobserve.endpoint = openobserve.endpoint.replace(/^.*(?=\/api\/)/, place.openobserveUrl ?? nowhere);
  }
  if (place.tlsFolder === undefined) {
    withoutTls(protocols);
    delete tempo.tls;
  }
  const { http } = config.exporters["prometheus_remote_write"] as { http: { endpoint: string } };
  http.endpoint = `${place.prometheusUrl}/api/v1/write`;
  return stringify(config, { lineWidth: 0 });
}

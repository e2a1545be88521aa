import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { choosePorts } from "../../../sandbox/ports.ts";
import { startProcess } from "../../../sandbox/service.ts";
import { serve } from "./door.ts";
import type { Gateway, GatewayOptions } from "./gateway.ts";

/** One address for the applications. */
export interface Tee {
  readonly otlpGrpc: string;
  readonly otlpHttp: string;
  /** File of the metrics as the applications sent them. */
  readonly metrics: string;
  close(): void;
}

/**
 * Starts a collector that hands all on to each gateway. It has no queue: what it acknowledged each of them has.
 */
export async function startTee(
  gateways: readonly Gateway[],
  { root, guard, tools }: Pick<GatewayOptions, "root" | "guard" | "tools">,
): Promise<Tee> {
  const ports = await choosePorts(["grpc", "http"]);
  const metrics = path.join(root, "metrics.bin");
  const recorder = await serve((_, body) => {
    appendFileSync(metrics, body);
    return Promise.resolve(200);
  });
  const atOnce = {
    compression: "none",
    sending_queue: { enabled: false },
    retry_on_failure: { enabled: false },
  };
  const exporters = Object.fromEntries(
    gateways.map(({ mode, otlpHttp }) => [`otlp_http/${mode}`, { endpoint: otlpHttp, ...atOnce }]),
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
    exporters: { ...exporters, "otlp_http/recorder": { endpoint: recorder.url, ...atOnce } },
    service: {
      telemetry: { metrics: { level: "none" } },
      pipelines: {
        traces: pipeline,
        logs: pipeline,
        metrics: { ...pipeline, exporters: [...pipeline.exporters, "otlp_http/recorder"] },
      },
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
        fetch(`http://127.0.0.1:${ports["http"]}/v1/traces`, {
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
  return {
    otlpGrpc: `http://127.0.0.1:${ports["grpc"]}`,
    otlpHttp: `http://127.0.0.1:${ports["http"]}`,
    metrics,
    close: () => recorder.close(),
  };
}

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { answersOk, request, urlBelow } from "../../../clients/http.ts";
import { waitFor } from "../../../clients/wait.ts";
import { collectorArgs } from "../../../assembly/wiring.ts";
import { collectorConfig } from "../../../components/collector/config.ts";
import type { Guard } from "../../../processes/guard.ts";
import { collectorOverlay } from "../../../sandbox/collector-overlay.ts";
import { choosePorts } from "../../../sandbox/ports.ts";
import { startProcess } from "../../../sandbox/service.ts";
import { applicationMetrics } from "../../../telemetry/application-metrics.ts";
import type { HistogramForm } from "../../../telemetry/generator.ts";
import type { MetricsExport } from "../../../traffic/recorded-metrics.ts";
import { settingsOf } from "../../contract/product.ts";
import { number } from "../values/measure.ts";

/** A collector that writes to a Prometheus. */
export interface Pair {
  readonly prometheus: string;
  /** Sends an export to the collector. */
  send(request: MetricsExport): Promise<void>;
  /** Waits for Open WebUI's sample of that moment, and so for all that was sent before: the collector keeps the order. */
  settle(seconds: number): Promise<void>;
}

/** The programs of both. */
export interface Programs {
  readonly collector: string;
  readonly prometheus: string;
}

/** Starts both, the collector with the configuration that is deployed, Prometheus for histograms of a form. */
export async function startPair(
  form: HistogramForm,
  folder: string,
  programs: Programs,
  guard: Guard,
): Promise<Pair> {
  mkdirSync(folder, { recursive: true });
  const ports = await choosePorts(["prometheus", "grpc", "http", "metrics", "health"]);
  const address = (name: string) => `127.0.0.1:${ports[name]}`;
  const prometheus = `http://${address("prometheus")}`;
  const settings = settingsOf("dev", { prometheus: { nativeHistograms: form === "native" } });
  mkdirSync(path.join(folder, "queue"));
  const config = collectorOverlay(stringify(collectorConfig(collectorArgs(settings))), {
    folder: path.join(folder, "queue"),
    ports: {
      otlpGrpc: ports["grpc"]!,
      otlpHttp: ports["http"]!,
      metrics: ports["metrics"]!,
      health: ports["health"]!,
    },
    tempoUrl: "http://127.0.0.1:9",
    prometheusUrl: prometheus,
  });
  writeFileSync(path.join(folder, "collector.yaml"), config);
  writeFileSync(path.join(folder, "prometheus.yml"), "");
  const shared = { directory: folder, environment: {}, logs: folder };
  await startProcess(
    {
      ...shared,
      name: "prometheus",
      command: programs.prometheus,
      arguments: [
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=data",
        `--web.listen-address=${address("prometheus")}`,
        "--web.enable-remote-write-receiver",
        `--enable-feature=${["exemplar-storage", ...(form === "native" ? ["native-histograms"] : [])].join()}`,
      ],
      isHealthy: () => answersOk(`${prometheus}/-/ready`),
    },
    guard,
  );
  await startProcess(
    {
      ...shared,
      name: "collector",
      command: programs.collector,
      arguments: ["--config=file:collector.yaml"],
      isHealthy: () => answersOk(`http://${address("health")}/`),
    },
    guard,
  );
  return {
    prometheus,
    async send(body) {
      const { status, text } = await request("OTLP", urlBelow(`http://${address("http")}`, "/v1/metrics"), {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (status !== 200) throw new Error(`The collector answered ${status}: ${text}`);
    },
    async settle(seconds) {
      const newest = `max(timestamp(${applicationMetrics.activeUsers.name}))`;
      const there = async () => (await number(prometheus, newest, seconds)) === seconds;
      await waitFor("the newest sample", 30, there);
    },
  };
}

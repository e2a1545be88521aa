import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { alertsArgs, telemetryContext, tempoArgs } from "../../../assembly/wiring.ts";
import { tempoConfig } from "../../../components/tempo/config.ts";
import type { Guard } from "../../../processes/guard.ts";
import { sandboxFolder } from "../../../sandbox/folder.ts";
import { choosePorts } from "../../../sandbox/ports.ts";
import { startService } from "../../../sandbox/service.ts";
import { overlay } from "../../../sandbox/tempo-overlay.ts";
import { prometheus, tempo, tempoPortsIn } from "../../../sandbox/backend-services.ts";
import type { Backends } from "../../../sandbox/trace-backends.ts";
import type { Settings } from "../../../settings.ts";
import type { ToolPaths } from "../../../tools/ensure.ts";
import { e2eFolder } from "../harness.ts";

/** Starts a Tempo and a Prometheus with what these settings make, without a cluster: its rules, and Tempo as what it scrapes. */
export async function startPair(settings: Settings, guard: Guard, tools: ToolPaths): Promise<Backends> {
  const folder = sandboxFolder(e2eFolder("native"));
  const ports = await choosePorts([...prometheus.ports, ...tempo.ports]);
  rmSync(folder.root, { recursive: true, force: true });
  for (const name of ["tempo", "prometheus-config"]) {
    mkdirSync(path.join(folder.root, name), { recursive: true });
  }
  const write = (file: string, text: string) => writeFileSync(path.join(folder.root, file), text);
  const at = (name: string) => `http://127.0.0.1:${ports[name]}`;
  write(
    "tempo.yaml",
    overlay(stringify(tempoConfig(tempoArgs(settings))), {
      folder: path.join(folder.root, "tempo"),
      ports: tempoPortsIn(ports),
      prometheusUrl: at("prometheus"),
    }),
  );
  const { groups } = alertsArgs(settings, telemetryContext(settings));
  write("prometheus-config/rules.yml", stringify({ groups }));
  const labels = { namespace: settings.namespace.name, pod: "tempo-0" };
  const static_configs = [{ targets: [`127.0.0.1:${ports["tempo-http"]}`], labels }];
  write(
    "prometheus-config/prometheus.yml",
    stringify({
      global: { scrape_interval: "15s" },
      rule_files: ["rules.yml"],
      scrape_configs: [{ job_name: "tempo", static_configs }],
    }),
  );
  await startService(prometheus, { folder, ports }, guard, tools);
  await startService(tempo, { folder, ports }, guard, tools);
  return {
    prometheus: at("prometheus"),
    tempo: at("tempo-http"),
    otlpHttp: at("otlp-http"),
    otlpGrpc: at("otlp-grpc"),
    tempoOtlpHttp: at("otlp-http"),
    tempoOtlpGrpc: at("otlp-grpc"),
  };
}

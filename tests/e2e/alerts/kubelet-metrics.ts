import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { parse, stringify } from "yaml";
import { request, urlBelow } from "../../../clients/http.ts";
import { volumeMetrics } from "../../../telemetry/operational.ts";
import type { SmallVolume } from "../outages/volume.ts";

/**
 * Serves what kubelet says of Tempo's volume, of which there is none here, from the volume itself; and has a Prometheus
 * scrape it as kube-prometheus-stack does.
 */
export async function serveVolumeMetrics(
  volume: SmallVolume,
  prometheus: { readonly url: string; readonly folder: string },
): Promise<{ close(): void }> {
  const claim = '{namespace="tracing",persistentvolumeclaim="tempo-data"}';
  const server = createServer((_, answer) => {
    const room = volume.room();
    answer.end(
      `${volumeMetrics.available.name}${claim} ${room.available}\n${volumeMetrics.capacity.name}${claim} ${room.capacity}\n`,
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const file = path.join(prometheus.folder, "prometheus-config/prometheus.yml");
  const config = parse(readFileSync(file, "utf8")) as { scrape_configs: object[] };
  config.scrape_configs.push({
    job_name: "kubelet",
    scrape_interval: "1s",
    honor_labels: true,
    static_configs: [
      {
        targets: [`127.0.0.1:${(server.address() as AddressInfo).port}`],
        labels: { namespace: "kube-system", service: "kubelet", endpoint: "https-metrics", node: "node" },
      },
    ],
  });
  writeFileSync(file, stringify(config));
  await request("Prometheus", urlBelow(prometheus.url, "/-/reload"), { body: "" });
  return {
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { collectorName } from "../components/collector/ports.ts";
import type { ToolPaths } from "../tools/ensure.ts";
import { collector, collectorPortsIn, tempoPortsIn } from "./backend-services.ts";
import { collectorOverlay } from "./collector-overlay.ts";
import type { Deployed } from "./deployed-configs.ts";
import { distributedAddresses } from "./distributed.ts";
import type { SandboxFolder } from "./folder.ts";
import { addressesIn } from "./loopback.ts";
import { objectStorageName } from "./object-storage.ts";
import type { Ports } from "./ports.ts";
import { bucketOf, overlay, type ExternalBucket } from "./tempo-overlay.ts";

/** Where deployed configurations run. */
interface ConfigPlace {
  readonly folder: SandboxFolder;
  readonly tools: Partial<ToolPaths>;
  /** Where the collector writes logs. @default nowhere: nobody listens there */
  readonly openobserve?: { readonly url: string };
}

/** The deployed configurations as they run here, by file. */
export function configsOf(deployed: Deployed, place: ConfigPlace, ports: Ports): Record<string, string> {
  const { folder, openobserve } = place;
  const { pods } = deployed;
  const bucket = bucketHere(deployed, place);
  const { root } = folder;
  const tempoUrl =
    pods.length > 0
      ? distributedAddresses(addressesIn(folder), pods).tempoOtlpHttp
      : `http://127.0.0.1:${ports["otlp-http"]}`;
  const collectors = deployed.collectors.map((text, replica) => {
    const { name } = collector(replica);
    const config = collectorOverlay(text, {
      folder: path.join(root, name),
      ports: collectorPortsIn(ports, replica),
      tempoUrl,
      openobserveUrl: openobserve?.url,
      prometheusUrl: `http://127.0.0.1:${ports["prometheus"]}`,
    });
    return [`${name}.yaml`, config] as const;
  });
  return {
    ...(pods.length === 0 && {
      "tempo.yaml": overlay(deployed.tempo, {
        folder: path.join(root, "tempo"),
        ports: tempoPortsIn(ports),
        prometheusUrl: `http://127.0.0.1:${ports["prometheus"]}`,
        objectStorage: bucket && { address: addressesIn(folder)[objectStorageName]!, port: bucket.port },
      }),
    }),
    ...Object.fromEntries(collectors),
  };
}

/** The bucket of a monolithic Tempo, where an S3 server is at hand; else Tempo asks the one that is deployed. */
export const bucketHere = (
  { tempo, pods }: Deployed,
  { tools }: Pick<ConfigPlace, "tools">,
): ExternalBucket | undefined => (pods.length === 0 && tools.versitygw ? bucketOf(tempo) : undefined);

/** The configurations that were written last. */
export const configsIn = ({ root }: SandboxFolder): Record<string, string> =>
  Object.fromEntries(
    globSync(["tempo.yaml", `${collectorName}-*.yaml`], { cwd: root }).map((file) => [
      file,
      readFileSync(path.join(root, file), "utf8"),
    ]),
  );

export function writeConfigs(configs: Readonly<Record<string, string>>, folder: SandboxFolder): void {
  const { root } = folder;
  for (const file of Object.keys(configsIn(folder))) rmSync(path.join(root, file));
  for (const [file, text] of Object.entries(configs)) {
    mkdirSync(path.join(root, path.basename(file, ".yaml")), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
}

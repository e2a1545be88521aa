import { alertsObject } from "../components/alerts/alerts.ts";
import { collectorObjects } from "../components/collector/objects.ts";
import { apiDashboards, dashboardConfigMaps } from "../components/grafana/dashboards.ts";
import { apiDatasources, datasourcesSecret } from "../components/grafana/datasources.ts";
import { tempoObjects } from "../components/tempo/objects.ts";
import { tempoEndpoints } from "../components/tempo/tempo.ts";
import { bundleDigest, type Bundle, type Product } from "../release/bundle.ts";
import { collectorImage, pulled, tempoImage } from "../release/images.ts";
import { stackVersion, type OwnRelease } from "../release/version.ts";
import { parseSettings, type Settings } from "../settings.ts";
import { applicationEnv } from "./application-env.ts";
import {
  alertsArgs,
  clusterProviderArgs,
  collectorArgs,
  dashboardsArgs,
  datasourcesArgs,
  grafanaProviderArgs,
  otlpAddress,
  telemetryContext,
  tempoArgs,
} from "./wiring.ts";

/** What this program would make a stack run. */
export const releaseOf = (settings: Settings): OwnRelease => ({
  stackVersion,
  bundleDigest: bundleDigest(bundleOf(settings)),
  tempoImage: pulled(tempoImage(settings), settings),
  ...(settings.collector.enabled && { collectorImage: pulled(collectorImage(settings), settings) }),
});

/** What this program is, whatever an environment sets but Tempo's line and the images. */
export const bundleOf = (settings: Settings): Bundle => ({
  images: { tempo: tempoImage(settings), collector: collectorImage(settings) },
  products: productsOf(settings.tempo.line),
});

const known = new Map<Settings["tempo"]["line"], readonly Product[]>();

/** The products of a line, from each of the {@link referenceSections}; made once, since they follow from the source alone. */
function productsOf(line: Settings["tempo"]["line"]): readonly Product[] {
  const products = known.get(line) ?? referenceSettings(line).map(productOf);
  known.set(line, products);
  return products;
}

/** Settings that, between them, make everything of which an environment may choose. */
const referenceSettings = (line: Settings["tempo"]["line"]): Settings[] =>
  referenceSections
    // Only the current line can be distributed.
    .filter(({ tempo }) => line === "3.0" || !(tempo && "mode" in tempo))
    .map(({ tempo, ...sections }) =>
      parseSettings({ environment: "dev", ...sections, tempo: { ...tempo, line } }),
    );

/** What {@link referenceSettings} set: the first nothing, the second all that has no default. */
export const referenceSections: readonly Readonly<Record<string, object>>[] = [
  {},
  {
    cluster: { context: "context", name: "cluster" },
    namespace: { create: false },
    collector: { queue: { storageClass: "fast" } },
    tempo: {
      storage: {
        backend: "s3",
        bucket: "b",
        endpoint: "s3.example.org",
        region: "r",
        credentialsSecret: { name: "s3" },
      },
      volume: { storageClass: "fast", protect: true },
      otlpTls: { secretName: "tls", clientCertificates: true },
      serviceAccountAnnotations: { "example.org/role": "tempo" },
    },
    prometheus: {
      remoteWriteUrl: "https://prometheus.example.org/write",
      credentialsSecret: { name: "remote-write" },
    },
    grafana: { url: "https://grafana.example.org" },
    openobserve: { user: "reader", credentialsSecret: { name: "logs" } },
    applications: { podLabels: [{ app: "litellm" }] },
  },
  {
    tempo: {
      storage: {
        backend: "s3",
        bucket: "b",
        endpoint: "s3.storage.svc",
        podPort: 8443,
        podIdentity: true,
      },
    },
    prometheus: { url: "http://prometheus.monitoring.svc", podPort: 9090 },
    openobserve: {
      url: "http://openobserve.logging.svc",
      podPort: 5080,
      podLabels: { app: "openobserve" },
      credentialsSecret: { name: "logs" },
    },
  },
  {
    tempo: { storage: { backend: "gcs", bucket: "b" } },
    prometheus: { scrape: "annotations", nativeHistograms: true },
  },
  {
    collector: { enabled: false },
    privacy: { mode: "off", reason: "no collector" },
    tempo: { storage: { backend: "azure", container: "ccc", account: "aaa" } },
    prometheus: { scrape: "none" },
    alerts: { rules: "none" },
  },
  { privacy: { mode: "identities", saltSecret: { name: "salt" } } },
  {
    tempo: {
      mode: "distributed",
      storage: { backend: "s3", bucket: "b", endpoint: "s3.example.org", credentialsSecret: { name: "s3" } },
      volume: { storageClass: "fast" },
      roles: { distributor: { autoscale: { max: 5000 } }, querier: { autoscale: { max: 5000 } } },
    },
    kafka: {
      address: "kafka.kafka.svc:9092",
      podLabels: { app: "kafka" },
      credentialsSecret: { name: "kafka" },
    },
  },
  { privacy: { mode: "off", reason: "a test environment" } },
];

/** What is made of settings, in plain data. */
export function productOf(settings: Settings): Product {
  const telemetry = telemetryContext(settings);
  const tempo = tempoArgs(settings);
  const datasources = datasourcesArgs(settings, telemetry, tempoEndpoints(tempo).url);
  const dashboards = dashboardsArgs(settings, telemetry);
  return {
    providers: { cluster: clusterProviderArgs(settings), grafana: grafanaProviderArgs(settings) },
    objects: [
      ...Object.values(tempoObjects(tempo)),
      ...(settings.collector.enabled ? Object.values(collectorObjects(collectorArgs(settings))) : []),
      datasourcesSecret(datasources),
      ...Object.values(dashboardConfigMaps(dashboards)),
      ...(settings.alerts.rules === "none" ? [] : [alertsObject(alertsArgs(settings, telemetry))]),
    ],
    grafanaApi: { datasources: apiDatasources(datasources.datasources), ...apiDashboards(dashboards) },
    applicationEnv: applicationEnv(settings, otlpAddress(settings)),
  };
}

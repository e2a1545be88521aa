import type * as k8s from "@pulumi/kubernetes";
import { ruleGroups } from "../alerts/groups.ts";
import type { AlertsArgs } from "../components/alerts/alerts.ts";
import { collectorEndpoints, type CollectorArgs } from "../components/collector/collector.ts";
import { collectorPods } from "../components/collector/objects.ts";
import type { DashboardsArgs } from "../components/grafana/dashboards.ts";
import type { DatasourcesArgs } from "../components/grafana/datasources.ts";
import { openobserveDatasource } from "../components/grafana/openobserve-datasource.ts";
import { prometheusDatasource } from "../components/grafana/prometheus-datasource.ts";
import { tempoDatasource } from "../components/grafana/tempo-datasource.ts";
import { selectorLabels } from "../components/kubernetes/metadata.ts";
import type { Pods } from "../components/kubernetes/network.ts";
import type { OtlpEndpoints } from "../components/kubernetes/otlp.ts";
import { rolePods, workloadsOf } from "../components/tempo/roles.ts";
import { tempoName } from "../components/tempo/ports.ts";
import { tempoEndpoints, type TempoArgs } from "../components/tempo/tempo.ts";
import type { TelemetryContext } from "../dashboards/dashboard.ts";
import { dashboards } from "../dashboards/index.ts";
import { panelAddress } from "../dashboards/links.ts";
import { collectorImage, pulled, tempoImage } from "../release/images.ts";
import type { Settings } from "../settings.ts";
import { rolesOf } from "../settings/roles.ts";
import { defaultFirstTokenSeconds } from "../settings/slo.ts";
import { generator, histogramForm } from "../telemetry/generator.ts";
import type { RuleOptions } from "../telemetry/recordings.ts";
import { tempoRoles, type TempoRole } from "../telemetry/tempo-roles.ts";
import { choices, events, signals, type Objectives } from "../telemetry/signals.ts";

/** The cluster, owned by name: a kubeconfig that merely changes does not replace everything in it. */
export const clusterProviderArgs = (settings: Settings) =>
  ({
    context: settings.cluster.context,
    clusterIdentifier: clusterName(settings),
    // A dashboard that changes is updated in place: its file must not vanish for a moment.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
  }) satisfies k8s.ProviderArgs;

/** Grafana's API; credentials come from GRAFANA_AUTH. */
export const grafanaProviderArgs = ({ grafana: { url } }: Settings) => ({ url });

/** What Tempo's generator is told, as the settings have it. */
export const generatorOf = (settings: Pick<Settings, "applications" | "prometheus">) =>
  generator(settings.applications.services, histogramForm(settings.prometheus.nativeHistograms));

/** Tempo, as the settings have it. */
export const tempoArgs = (settings: Settings): TempoArgs => ({
  namespace: settings.namespace.name,
  createNamespace: settings.namespace.create,
  line: settings.tempo.line,
  image: pulled(tempoImage(settings), settings),
  retentionSeconds: settings.tempo.retention.seconds,
  longestAnswerSeconds: settings.tempo.longestAnswer.seconds,
  storage: settings.tempo.storage,
  volume: settings.tempo.volume,
  resources: settings.tempo.resources,
  serviceAccountAnnotations: settings.tempo.serviceAccountAnnotations,
  generator: generatorOf(settings),
  maxActiveSeries: settings.tempo.maxActiveSeries,
  traffic: settings.traffic,
  externalLabels: seriesLabels(settings),
  prometheus: settings.prometheus,
  grafana: settings.grafana,
  senders: settings.collector.enabled
    ? [{ namespace: settings.namespace.name, podLabels: collectorPods }]
    : applicationPods(settings.applications),
  otlpTls: settings.tempo.otlpTls,
  dnsAddresses: settings.cluster.dnsAddresses,
  ...(settings.kafka && {
    distributed: {
      kafka: settings.kafka,
      roles: rolesOf(settings),
    },
  }),
});

/** The collector, as the settings have it. */
export const collectorArgs = (settings: Settings): CollectorArgs => ({
  namespace: settings.namespace.name,
  image: pulled(collectorImage(settings), settings),
  replicas: settings.collector.replicas,
  resources: settings.collector.resources,
  queue: settings.collector.queue,
  applications: applicationPods(settings.applications),
  services: settings.applications.services,
  histograms: histogramForm(settings.prometheus.nativeHistograms),
  externalLabels: seriesLabels(settings),
  privacy: settings.privacy,
  tempo: {
    namespace: settings.namespace.name,
    podLabels: settings.tempo.mode === "distributed" ? rolePods("distributor") : selectorLabels(tempoName),
    otlp: tempoEndpoints(tempoArgs(settings)).otlp,
    several: settings.tempo.mode === "distributed",
  },
  logs: logStore(settings),
  prometheus: settings.prometheus,
  otlpTls: settings.tempo.otlpTls,
  dnsAddresses: settings.cluster.dnsAddresses,
});

function logStore({ openobserve }: Settings): CollectorArgs["logs"] {
  const { credentialsSecret } = openobserve;
  return credentialsSecret && { ...openobserve, credentialsSecret };
}

/** Where applications send their telemetry. */
export const otlpAddress = (settings: Settings): OtlpEndpoints =>
  settings.collector.enabled
    ? collectorEndpoints(collectorArgs(settings))
    : tempoEndpoints(tempoArgs(settings)).otlp;

const applicationPods = ({ namespaces, podLabels }: Settings["applications"]): readonly Pods[] =>
  namespaces.flatMap((namespace) =>
    podLabels.length === 0 ? [{ namespace }] : podLabels.map((labels) => ({ namespace, podLabels: labels })),
  );

/** Pods of each role that there are to be, those of all zones together; of a distributed Tempo. */
function wantedPods(settings: Settings) {
  if (settings.tempo.mode !== "distributed") return {};
  const sized = rolesOf(settings);
  const count = (role: TempoRole) => sized[role].replicas * workloadsOf(role).length;
  return {
    roles: Object.fromEntries(tempoRoles.map((role) => [role, count(role)])) as Record<TempoRole, number>,
  };
}

/** By which environments that share a Prometheus are told apart. */
const seriesLabels = (settings: Settings) => ({
  environment: settings.environment,
  cluster: clusterName(settings),
});

const clusterName = ({ cluster, environment }: Settings): string => cluster.name ?? environment;

/** What dashboards and data sources share. */
export function telemetryContext(settings: Settings): TelemetryContext {
  const { environment, namespace, openobserve, applications, collector, privacy } = settings;
  const { datasources } = settings.grafana;
  const slowRequestSeconds = applications.slowRequest.seconds;
  const options = {
    environment,
    namespace: namespace.name,
    services: applications.services,
    slowRequestSeconds,
    objectives: objectivesOf(settings),
    histograms: histogramForm(settings.prometheus.nativeHistograms),
    logStream: openobserve.stream,
    users: privacy.mode !== "strict",
    ...wantedPods(settings),
  };
  return {
    environment,
    signals: signals(options),
    choices: choices(options),
    events: events(options),
    uids: {
      tempo: datasources.tempo.uid,
      prometheus: datasources.prometheus.uid,
      openobserve: datasources.openobserve.uid,
    },
    logs: { organization: openobserve.organization, stream: openobserve.stream },
    objectives: options.objectives,
    applicationMetrics: settings.collector.enabled,
    slowRequestSeconds,
    hasCollector: collector.enabled,
    ...wantedPods(settings),
  };
}

function objectivesOf({ slo, collector }: Settings): Objectives {
  const { availability, latency, firstToken, window, minimumRequests } = slo;
  return {
    availability,
    latency: { target: latency.target, underSeconds: latency.under.seconds },
    ...(collector.enabled && {
      firstToken: {
        target: firstToken.target,
        underSeconds: firstToken.under?.seconds ?? defaultFirstTokenSeconds(slo),
      },
    }),
    windowSeconds: window.seconds,
    minimumRequests,
  };
}

/** What rules and alerts follow from. */
export function ruleOptions(settings: Settings): RuleOptions {
  const { environment, namespace, prometheus, applications, collector } = settings;
  return {
    environment,
    namespace: namespace.name,
    services: applications.services,
    objectives: objectivesOf(settings),
    histograms: histogramForm(prometheus.nativeHistograms),
    ...wantedPods(settings),
    ...(collector.enabled && { collector: { replicas: collector.replicas } }),
  };
}

/** Rules and alerts; each alert leads to a panel of these dashboards. */
export const alertsArgs = (settings: Settings, telemetry: TelemetryContext): AlertsArgs => ({
  namespace: settings.namespace.name,
  labels: settings.prometheus.operatorLabels,
  groups: ruleGroups(ruleOptions(settings), {
    panel: panelAddress(dashboards(telemetry), settings.grafana.url ?? ""),
    runbooks: settings.alerts.runbooks,
  }),
});

/** The three data sources; OpenObserve's credentials are taken from Grafana's environment as far as none are given. */
export function datasourcesArgs(
  settings: Settings,
  { uids, logs, signals }: TelemetryContext,
  tempoUrl: string,
): Pick<DatasourcesArgs, "datasources" | "namespace"> {
  const { grafana, prometheus, openobserve } = settings;
  const { datasources: names, namespace, url: grafanaUrl } = grafana;
  return {
    namespace,
    datasources: {
      tempo: tempoDatasource({ name: names.tempo.name, url: tempoUrl, uids, logs, signals, grafanaUrl }),
      prometheus: prometheusDatasource({
        name: names.prometheus.name,
        url: prometheus.url,
        uids,
        sampleIntervalSeconds: generatorOf(settings).collectionIntervalSeconds,
      }),
      openobserve: openobserveDatasource({
        name: names.openobserve.name,
        url: openobserve.url,
        uids,
        user: openobserve.user ?? { env: openobserve.userEnv },
        password: { env: openobserve.passwordEnv },
      }),
    },
  };
}

/** The dashboards, and where they go. */
export const dashboardsArgs = (
  { grafana: { folder, namespace } }: Settings,
  telemetry: TelemetryContext,
): Omit<DashboardsArgs, "api"> => ({ dashboards: dashboards(telemetry), folder, namespace });

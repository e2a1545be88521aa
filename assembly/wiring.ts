import type { Datasource } from "../components/grafana/datasource.ts";
import { openobserveDatasource } from "../components/grafana/openobserve-datasource.ts";
import { prometheusDatasource } from "../components/grafana/prometheus-datasource.ts";
import { tempoDatasource } from "../components/grafana/tempo-datasource.ts";
import { tempoEndpoints } from "../components/tempo/tempo.ts";
import type { DashboardContext } from "../dashboards/dashboard.ts";
import type { Settings } from "../settings.ts";
import { generator } from "../telemetry/generator.ts";
import { choices, events, signals } from "../telemetry/signals.ts";

/** What dashboards and data sources share. */
export function dashboardContext({
  environment,
  namespace,
  grafana: { datasources },
  openobserve,
  applications,
}: Settings): DashboardContext {
  const slowRequestSeconds = applications.slowRequest.seconds;
  const options = {
    environment,
    namespace: namespace.name,
    services: applications.services,
    slowRequestSeconds,
    logStream: openobserve.stream,
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
    slowRequestSeconds,
  };
}

/** The three data sources; without a password OpenObserve's is taken from Grafana's environment. */
export function datasources(settings: Settings, openobservePassword?: string): Datasource[] {
  const { namespace, grafana, prometheus, openobserve, applications } = settings;
  const { uids, logs, signals } = dashboardContext(settings);
  return [
    tempoDatasource({
      name: grafana.datasources.tempo.name,
      url: tempoEndpoints(namespace.name).url,
      uids,
      logs,
      signals,
      grafanaUrl: grafana.url,
    }),
    prometheusDatasource({
      name: grafana.datasources.prometheus.name,
      url: prometheus.url,
      uids,
      sampleIntervalSeconds: generator(applications.services).collectionIntervalSeconds,
    }),
    openobserveDatasource({
      name: grafana.datasources.openobserve.name,
      url: openobserve.url,
      uids,
      user: openobserve.user ?? { env: openobserve.userEnv },
      password: openobservePassword ?? { env: openobserve.passwordEnv },
    }),
  ];
}

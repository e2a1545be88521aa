import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";
import { applicationEnv, type ApplicationEnv } from "./assembly/application-env.ts";
import {
  alertsArgs,
  clusterProviderArgs,
  collectorArgs,
  dashboardsArgs,
  datasourcesArgs,
  grafanaProviderArgs,
  telemetryContext,
  tempoArgs,
} from "./assembly/wiring.ts";
import { Alerts } from "./components/alerts/alerts.ts";
import { Collector } from "./components/collector/collector.ts";
import { Dashboards } from "./components/grafana/dashboards.ts";
import { Datasources } from "./components/grafana/datasources.ts";
import type { OtlpEndpoints } from "./components/kubernetes/otlp.ts";
import { Tempo, type TempoEndpoints } from "./components/tempo/tempo.ts";
import type { DatasourceUids } from "./grafana/datasources.ts";
import type { Promotion } from "./release/gate.ts";
import type { Stored } from "./release/stored.ts";
import type { OwnRelease } from "./release/version.ts";
import type { Secrets, Settings } from "./settings.ts";

/** Arguments of {@link LlmTracing}. */
export interface LlmTracingArgs {
  /** The stack's settings, checked. */
  readonly settings: Settings;
  /** Its secret settings. */
  readonly secrets: Secrets;
  /** Version and bundle that this is. */
  readonly release: OwnRelease;
  /** How it came here from the environment before. */
  readonly promotion: Promotion;
  /** What it stores. */
  readonly stored: Stored;
}

/** Outputs of the stack. They are an API: others read them by name. */
export interface Outputs {
  readonly environment: string;
  /** Version of the stack, from `package.json`. */
  readonly stackVersion: string;
  /** Hash of all that is the same in every environment; equal digests run the same bundle. */
  readonly bundleDigest: string;
  /** Tempo's image as it is pulled, with its digest if it is named by one. */
  readonly tempoImage: string;
  /** The collector's image, in the same way; where there is one. */
  readonly collectorImage?: string;
  /** Where applications send their telemetry within the cluster. */
  readonly otlp: OtlpEndpoints;
  /** Where Tempo is reached within the cluster. */
  readonly tempo: TempoEndpoints;
  /** Uids of the data sources in Grafana. */
  readonly datasourceUids: DatasourceUids;
  /** The dashboards, with their address below Grafana's. */
  readonly dashboards: Dashboards["dashboards"];
  /** What Open WebUI and LiteLLM need in their environment to send their telemetry here. */
  readonly applicationEnv: ApplicationEnv;
  /** How this bundle came here from the environment before. */
  readonly promotion: Promotion;
  /** Where Tempo has its traces: the next update is refused that would lose them. */
  readonly stored: Stored;
}

/** The whole stack: Tempo and the collector before it, Grafana's data sources and dashboards. */
export class LlmTracing extends pulumi.ComponentResource {
  /** What the stack tells its users and the next environment. */
  readonly outputs: Outputs;

  constructor(name: string, args: LlmTracingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-tracing:index:LlmTracing", name, {}, opts);
    const { settings, secrets, release, promotion, stored } = args;
    const telemetry = telemetryContext(settings);
    const provider = new k8s.Provider("cluster", clusterProviderArgs(settings), { parent: this });
    const inCluster = { parent: this, provider };
    const api =
      settings.grafana.delivery === "api"
        ? new grafana.Provider("grafana", grafanaProviderArgs(settings), { parent: this })
        : undefined;

    const tempo = new Tempo("tempo", tempoArgs(settings), inCluster);
    const collector = settings.collector.enabled
      ? new Collector("collector", collectorArgs(settings), { ...inCluster, dependsOn: tempo })
      : undefined;
    const otlp = collector?.endpoints ?? tempo.endpoints.otlp;
    const datasources = new Datasources(
      "datasources",
      {
        ...datasourcesArgs(settings, telemetry, tempo.endpoints.url),
        passwords: { openobserve: secrets.openobservePassword },
        api,
      },
      inCluster,
    );
    const dashboards = new Dashboards(
      "dashboards",
      { ...dashboardsArgs(settings, telemetry), api },
      inCluster,
    );

    if (settings.alerts.rules === "prometheusRule") {
      new Alerts("alerts", alertsArgs(settings, telemetry), inCluster);
    }

    this.outputs = {
      environment: settings.environment,
      ...release,
      otlp,
      tempo: tempo.endpoints,
      datasourceUids: datasources.uids,
      dashboards: dashboards.dashboards,
      applicationEnv: applicationEnv(settings, otlp),
      promotion,
      stored,
    };
    this.registerOutputs({ ...this.outputs });
  }
}

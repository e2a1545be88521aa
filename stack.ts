import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";
import { applicationEnv, type ApplicationEnv } from "./assembly/application-env.ts";
import { bundleDigest } from "./release/bundle.ts";
import { checkDatasources } from "./components/grafana/check.ts";
import { Dashboards } from "./components/grafana/dashboards.ts";
import type { Datasource } from "./components/grafana/datasource.ts";
import { Datasources } from "./components/grafana/datasources.ts";
import { Tempo, tempoEndpoints, type TempoEndpoints } from "./components/tempo/tempo.ts";
import { dashboardContext, datasources } from "./assembly/wiring.ts";
import { dashboards } from "./dashboards/index.ts";
import type { DatasourceUids } from "./grafana/datasources.ts";
import type { Promotion } from "./release/gate.ts";
import type { Secrets, Settings } from "./settings.ts";
import { stackVersion } from "./release/version.ts";

/** Outputs of the stack. They are an API: others read them by name. */
export interface Outputs {
  readonly environment: string;
  /** Version of the stack, from `package.json`. */
  readonly stackVersion: string;
  /** Hash of all that is the same in every environment; equal digests run the same bundle. */
  readonly bundleDigest: string;
  /** Where Tempo is reached within the cluster. */
  readonly tempo: TempoEndpoints;
  /** Uids of the data sources in Grafana. */
  readonly datasourceUids: DatasourceUids;
  /** The dashboards, with their address below Grafana's. */
  readonly dashboards: readonly { readonly uid: string; readonly title: string; readonly path: string }[];
  /** What Open WebUI and LiteLLM need in their environment to send traces here. */
  readonly applicationEnv: ApplicationEnv;
  /** How this bundle came here from the environment before. */
  readonly promotion: Promotion;
}

/** The whole stack: Tempo, Grafana's data sources and dashboards. */
export class LlmTracing extends pulumi.ComponentResource {
  /** What the stack tells its users and the next environment. */
  readonly outputs: Omit<Outputs, "promotion">;

  constructor(name: string, settings: Settings, secrets: Secrets, opts?: pulumi.ComponentResourceOptions) {
    super("llm-tracing:index:LlmTracing", name, {}, opts);
    const provider = createClusterProvider(this, settings);
    const inCluster = { parent: this, provider };
    const api = createGrafanaProvider(this, settings);
    const context = dashboardContext(settings);
    const list = dashboards(context);
    // Before anything is registered: an error within an output's apply would leave the rest to be created.
    checkDatasources(datasources(settings));

    new Tempo("tempo", settings, inCluster);
    new Datasources(
      "datasources",
      { datasources: datasourcesWith(settings, secrets), namespace: settings.grafana.namespace, api },
      inCluster,
    );
    new Dashboards(
      "dashboards",
      { dashboards: list, folder: settings.grafana.folder, namespace: settings.grafana.namespace, api },
      inCluster,
    );

    const endpoints = tempoEndpoints(settings.namespace.name);
    this.outputs = {
      environment: settings.environment,
      stackVersion,
      bundleDigest: bundleDigest(settings),
      tempo: endpoints,
      datasourceUids: context.uids,
      dashboards: list.map(({ json: { uid, title } }) => ({ uid, title, path: `/d/${uid}` })),
      applicationEnv: applicationEnv(settings, endpoints),
    };
    this.registerOutputs({});
  }
}

/** The cluster, owned by name: a kubeconfig that merely changes does not replace everything in it. */
const createClusterProvider = (parent: pulumi.Resource, { cluster, environment }: Settings) =>
  new k8s.Provider(
    "cluster",
    {
      context: cluster.context,
      clusterIdentifier: cluster.name ?? environment,
      // A dashboard that changes is updated in place: its file must not vanish for a moment.
      enableConfigMapMutable: true,
      enableSecretMutable: true,
    },
    { parent },
  );

/** Grafana's API, when it is the way in; credentials come from GRAFANA_AUTH. */
const createGrafanaProvider = (parent: pulumi.Resource, { grafana: { delivery, url } }: Settings) =>
  delivery === "api" ? new grafana.Provider("grafana", { url }, { parent }) : undefined;

function datasourcesWith(settings: Settings, { openobservePassword }: Secrets): pulumi.Input<Datasource[]> {
  return openobservePassword
    ? openobservePassword.apply((password) => datasources(settings, password))
    : datasources(settings);
}

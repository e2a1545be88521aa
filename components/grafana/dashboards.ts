import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";
import { UserError } from "../../errors.ts";
import { annotations, labels } from "../kubernetes/metadata.ts";
import { checkSize } from "./size.ts";

/** A dashboard as Grafana reads it. */
export interface Dashboard {
  /** Name of its ConfigMap, and of its file before `.json`. */
  readonly name: string;
  readonly json: { readonly uid: string; readonly title: string };
}

/** Arguments of {@link Dashboards}. */
export interface DashboardsArgs {
  readonly dashboards: readonly Dashboard[];
  /** Title of their folder in Grafana. */
  readonly folder: string;
  /** Namespace of the ConfigMaps: Grafana's own is watched by its sidecar in every installation. */
  readonly namespace: string;
  /** Grafana's HTTP API, in place of ConfigMaps. */
  readonly api?: grafana.Provider;
}

/**
 * Dashboards in Grafana: a ConfigMap each, that Grafana's sidecar loads; or through its API.
 *
 * @throws UserError when two have one uid or name, or one exceeds what a ConfigMap holds.
 */
export class Dashboards extends pulumi.ComponentResource {
  constructor(name: string, args: DashboardsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-tracing:index:Dashboards", name, {}, opts);
    checkUnique(args.dashboards);
    if (args.api) createThroughApi(this, args, args.api);
    else createConfigMaps(this, args);
    this.registerOutputs({});
  }
}

function createConfigMaps(parent: pulumi.Resource, { dashboards, folder, namespace }: DashboardsArgs): void {
  for (const dashboard of dashboards) {
    new k8s.core.v1.ConfigMap(dashboard.name, dashboardConfigMap(dashboard, { folder, namespace }), {
      parent,
    });
  }
}

/** The ConfigMap of a dashboard, with the marks that Grafana's sidecar looks for. */
export function dashboardConfigMap(
  { name, json }: Dashboard,
  { folder, namespace }: Pick<DashboardsArgs, "folder" | "namespace">,
) {
  const text = `${JSON.stringify(json, null, 2)}\n`;
  checkSize(`the dashboard "${json.title}"`, text);
  return {
    metadata: {
      name,
      namespace,
      labels: { ...labels(name, "dashboard"), grafana_dashboard: "1" },
      // Read by Grafana's chart only with sidecar.dashboards.folderAnnotation set to this name.
      annotations: { ...annotations(), grafana_folder: folder },
    },
    data: { [`${name}.json`]: text },
  };
}

function createThroughApi(parent: pulumi.Resource, args: DashboardsArgs, provider: grafana.Provider): void {
  const folder = new grafana.oss.Folder("folder", { title: args.folder }, { parent, provider });
  for (const { name, json } of args.dashboards) {
    new grafana.oss.Dashboard(
      name,
      { folder: folder.uid, configJson: JSON.stringify(json), overwrite: true },
      { parent, provider },
    );
  }
}

function checkUnique(dashboards: readonly Dashboard[]): void {
  for (const [what, valueOf] of [
    ["uid", (dashboard: Dashboard) => dashboard.json.uid],
    ["name", (dashboard: Dashboard) => dashboard.name],
  ] as const) {
    const values = dashboards.map(valueOf);
    const twice = dashboards.findIndex((dashboard, index) => values.indexOf(valueOf(dashboard)) < index);
    if (twice >= 0) {
      const first = dashboards[values.indexOf(values[twice]!)]!;
      throw new UserError(
        `The dashboards "${first.json.title}" and "${dashboards[twice]!.json.title}" have the same ${what}, ` +
          `"${values[twice]}": Grafana would show only one of them. Give one another ${what}.`,
      );
    }
  }
}

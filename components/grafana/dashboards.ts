import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";
import { UserError } from "../../errors.ts";
import { annotations, labels } from "../kubernetes/metadata.ts";
import { register, type PlannedObject } from "../kubernetes/planned.ts";
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
  /**
   * Grafana's HTTP API, in place of ConfigMaps.
   *
   * @default ConfigMaps, for Grafana's sidecar
   */
  readonly api?: grafana.Provider;
}

/**
 * Dashboards in Grafana: a ConfigMap each, that Grafana's sidecar loads; or through its API.
 *
 * @throws UserError when two have one uid or name, or one exceeds what a ConfigMap holds.
 */
export class Dashboards extends pulumi.ComponentResource {
  /** The dashboards, with their address below Grafana's. */
  readonly dashboards: readonly { readonly uid: string; readonly title: string; readonly path: string }[];

  constructor(name: string, args: DashboardsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-tracing:index:Dashboards", name, {}, opts);
    checkUnique(args.dashboards);
    if (args.api) createThroughApi(this, args, args.api);
    else register(this, dashboardConfigMaps(args));
    this.dashboards = args.dashboards.map(({ json: { uid, title } }) => ({ uid, title, path: `/d/${uid}` }));
    this.registerOutputs({ dashboards: this.dashboards });
  }
}

type Folder = Pick<DashboardsArgs, "folder" | "namespace">;

/** The ConfigMap of each dashboard. */
export const dashboardConfigMaps = ({ dashboards, ...place }: Omit<DashboardsArgs, "api">) =>
  Object.fromEntries(dashboards.map((dashboard) => [dashboard.name, dashboardConfigMap(dashboard, place)]));

/** The ConfigMap of a dashboard, with the marks that Grafana's sidecar looks for. */
export function dashboardConfigMap({ name, json }: Dashboard, { folder, namespace }: Folder) {
  const text = `${JSON.stringify(json, null, 2)}\n`;
  checkSize(`the dashboard "${json.title}"`, text);
  const metadata = {
    name,
    namespace,
    labels: { ...labels(name, "dashboard"), grafana_dashboard: "1" },
    // Read by Grafana's chart only with sidecar.dashboards.folderAnnotation set to this name.
    annotations: { ...annotations(), grafana_folder: folder },
  };
  const object = { metadata, data: { [`${name}.json`]: text } };
  return { kind: "ConfigMap", name, object } as const satisfies PlannedObject;
}

/** What Grafana's API is told of the folder and of each dashboard. */
export const apiDashboards = ({ dashboards, folder }: Pick<DashboardsArgs, "dashboards" | "folder">) => ({
  folder: { title: folder },
  dashboards: dashboards.map(({ name, json }) => ({
    name,
    args: { configJson: JSON.stringify(json), overwrite: true },
  })),
});

function createThroughApi(parent: pulumi.Resource, args: DashboardsArgs, provider: grafana.Provider): void {
  const planned = apiDashboards(args);
  const folder = new grafana.oss.Folder("folder", planned.folder, { parent, provider });
  for (const { name, args } of planned.dashboards) {
    new grafana.oss.Dashboard(name, { ...args, folder: folder.uid }, { parent, provider });
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

import { dashboardConfigMap } from "../../components/grafana/dashboards.ts";

/** Values of kube-prometheus-stack, as far as this stack needs them. */
export interface ChartValues {
  readonly prometheus?: {
    readonly prometheusSpec?: {
      readonly enableRemoteWriteReceiver?: boolean;
      readonly enableFeatures?: readonly string[];
      readonly serviceMonitorSelectorNilUsesHelmValues?: boolean;
      readonly ruleSelectorNilUsesHelmValues?: boolean;
    };
  };
  readonly grafana?: {
    readonly "grafana.ini"?: { readonly plugins?: { readonly allow_loading_unsigned_plugins?: string } };
    readonly plugins?: readonly string[];
    readonly envFromSecret?: string;
    readonly sidecar?: {
      readonly dashboards?: {
        readonly folderAnnotation?: string;
        readonly provider?: { readonly foldersFromFilesStructure?: boolean };
      };
      readonly datasources?: DatasourceSidecar;
    };
  };
}

interface DatasourceSidecar {
  readonly initDatasources?: boolean;
  readonly restartPolicy?: string;
  readonly startupProbe?: { readonly httpGet?: { readonly path?: string; readonly port?: number } };
}

/**
 * What keeps Grafana from starting or from showing the dashboard, as Grafana's chart 12.11.1 renders these values, and
 * Prometheus from what is made for it, as kube-prometheus-stack 88.5.3 does.
 *
 * Sources: `values.yaml` and `templates/prometheus/prometheus.yaml` of kube-prometheus-stack; `templates/_pod.tpl` of that chart; grafana-community/helm-charts#126 and #127; `src/healthz.py` of k8s-sidecar.
 */
export function valueProblems({ prometheus, grafana }: ChartValues): string[] {
  const {
    enableRemoteWriteReceiver,
    enableFeatures = [],
    serviceMonitorSelectorNilUsesHelmValues: onlyOwnMonitors = true,
    ruleSelectorNilUsesHelmValues: onlyOwnRules = true,
  } = prometheus?.prometheusSpec ?? {};
  const { plugins = [], envFromSecret, sidecar } = grafana ?? {};
  const { folderAnnotation, provider } = sidecar?.dashboards ?? {};
  const unsigned = grafana?.["grafana.ini"]?.plugins?.allow_loading_unsigned_plugins?.split(",") ?? [];
  const [plugin] = plugins.map((entry) => entry.split("@"));
  return [
    enableRemoteWriteReceiver === true ? [] : "Prometheus refuses Tempo's metrics",
    enableFeatures.includes("exemplar-storage") ? [] : "Prometheus drops exemplars",
    onlyOwnMonitors ? "Prometheus may not select the ServiceMonitor" : [],
    onlyOwnRules ? "Prometheus may not select the rules" : [],
    plugin?.length === 3 && plugin[0] === "openobserve" ? [] : "OpenObserve's plugin is not installed",
    unsigned.includes("openobserve") ? [] : "OpenObserve's plugin is not loaded",
    envFromSecret === undefined ? "Grafana has no user and password of OpenObserve" : [],
    folderAnnotation === ownAnnotation && provider?.foldersFromFilesStructure === true
      ? []
      : "dashboards land in the folder General",
    startProblems(sidecar?.datasources ?? {}),
  ].flat();
}

/** The sidecar watches for ever; only as a native sidecar with a probe does it come first and let Grafana start. */
function startProblems({ initDatasources, restartPolicy, startupProbe }: DatasourceSidecar): string[] {
  if (initDatasources !== true) return ["Grafana may start before its data sources are there"];
  if (restartPolicy !== "Always") return ["Grafana waits for ever for a container that watches for ever"];
  const { path, port } = startupProbe?.httpGet ?? {};
  return path === "/healthz" && port !== undefined
    ? []
    : ["Grafana may start before its data sources are there"];
}

const [ownAnnotation] = Object.keys(
  dashboardConfigMap({ name: "any", json: { uid: "any", title: "Any" } }, { folder: "f", namespace: "n" })
    .object.metadata.annotations,
).filter((key) => key.startsWith("grafana"));

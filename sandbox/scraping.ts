import { stringify } from "yaml";
import type { ApiClient } from "../clients/kubernetes.ts";
import { waitFor } from "../clients/wait.ts";
import { operatorApi } from "../components/kubernetes/metadata.ts";

/** The files of a Prometheus's configuration, by name. */
export type PrometheusFiles = Readonly<Record<string, string>>;

/** A job of a Prometheus that scrapes one address. */
interface ScrapeConfig {
  readonly job_name: string;
  readonly scrape_interval?: string;
  readonly metrics_path: string;
  readonly honor_labels?: boolean;
  readonly static_configs: readonly {
    readonly targets: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

/** The address at which a port of a pod is reached here, if it is. */
type AddressOf = (pod: string, port: number) => string | undefined;

/** What a Prometheus beside the cluster is to scrape and to evaluate, as the deployed objects say it. */
export async function prometheusFiles(api: ApiClient, addressOf: AddressOf): Promise<PrometheusFiles> {
  const rules = await deployedRules(api);
  const config = {
    global: { scrape_interval: "15s", evaluation_interval: "15s" },
    rule_files: Object.keys(rules),
    scrape_configs: [
      ...(await monitored(api, addressOf)),
      ...(await annotated(api, addressOf)),
    ] satisfies ScrapeConfig[],
  };
  return { "prometheus.yml": stringify(config), ...rules };
}

/** A file for each PrometheusRule, as the operator makes it. */
async function deployedRules(api: ApiClient): Promise<PrometheusFiles> {
  const objects = await listed<PrometheusRule>(api, operatorApi, "PrometheusRule");
  return Object.fromEntries(
    objects.map(({ metadata, spec }) => [
      `rules-${metadata.namespace}-${metadata.name}.yml`,
      stringify(spec, { lineWidth: 0 }),
    ]),
  );
}

interface Placed {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

interface PrometheusRule extends Placed {
  readonly spec: object;
}

interface ServiceMonitor extends Placed {
  readonly spec: {
    readonly selector: Selector;
    readonly endpoints: readonly {
      readonly port: string;
      readonly path: string;
      readonly interval: string;
    }[];
  };
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn";
    readonly values: readonly string[];
  }[];
}

interface EndpointSlice extends Placed {
  /** Null where there is none; so are the endpoints. */
  readonly ports: readonly { readonly name: string; readonly port: number }[] | null;
  readonly endpoints:
    | readonly { readonly addresses: readonly string[]; readonly targetRef?: { readonly name: string } }[]
    | null;
}

interface Pod extends Placed {
  readonly spec: {
    readonly nodeName: string;
    readonly containers: readonly {
      readonly name: string;
      readonly ports?: readonly { readonly containerPort: number }[];
    }[];
  };
  readonly status: { readonly podIP?: string };
}

/**
 * A job for each endpoint of a ServiceMonitor, with the labels that the operator's configuration gives its targets
 * (`generateServiceMonitorConfig` in pkg/prometheus/promcfg.go of prometheus-operator 0.89).
 */
async function monitored(api: ApiClient, addressOf: AddressOf): Promise<ScrapeConfig[]> {
  const monitors = await listed<ServiceMonitor>(api, operatorApi, "ServiceMonitor");
  const configs = monitors.flatMap(({ metadata: { name, namespace }, spec: { selector, endpoints } }) =>
    endpoints.map(async ({ port, path, interval }, index) => ({
      job_name: `serviceMonitor/${namespace}/${name}/${index}`,
      scrape_interval: interval,
      metrics_path: path,
      // They come a moment after a pod that is new.
      static_configs: await waitFor(`pods of the ServiceMonitor ${namespace}/${name}`, 30, async () => {
        const services = await listed<Placed>(api, "v1", "Service", namespace, textOf(selector));
        const targets = services.map((service) => targetsOf(api, service, port, addressOf));
        const found = (await Promise.all(targets)).flat();
        return found.length > 0 && found;
      }),
    })),
  );
  return Promise.all(configs);
}

/** The pods behind a port of a Service. */
async function targetsOf(
  api: ApiClient,
  { metadata: { name: service, namespace } }: Placed,
  endpoint: string,
  addressOf: AddressOf,
): Promise<ScrapeConfig["static_configs"]> {
  const ofService = `kubernetes.io/service-name=${service}`;
  const slices = await listed<EndpointSlice>(
    api,
    "discovery.k8s.io/v1",
    "EndpointSlice",
    namespace,
    ofService,
  );
  const pods = await listed<Pod>(api, "v1", "Pod", namespace);
  return slices.flatMap(({ ports, endpoints }) => {
    const port = ports?.find(({ name }) => name === endpoint)?.port;
    if (port === undefined) return [];
    return (endpoints ?? []).flatMap(({ addresses: [ip], targetRef }) => {
      const pod = pods.find(({ metadata: { name } }) => name === targetRef?.name);
      const container = pod?.spec.containers.find(({ ports = [] }) =>
        ports.some(({ containerPort }) => containerPort === port),
      );
      const address = pod && addressOf(pod.metadata.name, port);
      if (pod === undefined || container === undefined || address === undefined) return [];
      const labels = {
        namespace,
        service,
        pod: pod.metadata.name,
        container: container.name,
        endpoint,
        job: service,
        instance: `${ip}:${port}`,
      };
      return [{ targets: [address], labels }];
    });
  });
}

/** A label selector as the API takes it in a query. */
const textOf = ({ matchLabels = {}, matchExpressions = [] }: Selector): string =>
  [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(
      ({ key, operator, values }) => `${key} ${operator.toLowerCase()} (${values.join(",")})`,
    ),
  ].join(",");

/** Pods with the well-known annotations, as the job `kubernetes-pods` of the chart `prometheus` scrapes them. */
async function annotated(api: ApiClient, addressOf: AddressOf): Promise<ScrapeConfig[]> {
  const pods = await listed<Pod>(api, "v1", "Pod");
  return pods.flatMap(({ metadata: { name, namespace, annotations = {}, labels = {} }, spec, status }) => {
    const port = Number(annotations["prometheus.io/port"]);
    const address = addressOf(name, port);
    if (annotations["prometheus.io/scrape"] !== "true" || address === undefined) return [];
    const ownLabels: Record<string, string> = Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [key.replace(/\W/g, "_"), value]),
    );
    const found = {
      namespace,
      pod: name,
      node: spec.nodeName,
      job: "kubernetes-pods",
      instance: `${status.podIP}:${port}`,
    };
    return [
      {
        job_name: `kubernetes-pods/${namespace}/${name}`,
        metrics_path: annotations["prometheus.io/path"]!,
        honor_labels: true,
        static_configs: [{ targets: [address], labels: { ...ownLabels, ...found } }],
      },
    ];
  });
}

/** Objects of a kind, in a namespace or in all, as far as they are looked at here. */
const listed = async <T extends Placed>(
  api: ApiClient,
  apiVersion: string,
  kind: string,
  namespace?: string,
  labels?: string,
): Promise<T[]> => (await api.list({ apiVersion, kind, namespace }, labels)) as unknown as T[];

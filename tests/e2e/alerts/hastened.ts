import { parse, stringify } from "yaml";
import { ruleGroups, type RuleGroup } from "../../../alerts/groups.ts";
import { ruleOptions } from "../../../assembly/wiring.ts";
import type { ApiClient, KubernetesObject } from "../../../clients/kubernetes.ts";
import { operatorApi } from "../../../components/kubernetes/metadata.ts";
import type { Settings } from "../../../settings.ts";
import { sandboxLine } from "../tempo-lines.ts";

/** By so much all that takes time here is shorter than what is deployed: 5 minutes are 10 seconds. */
export const scale = 1 / 30;

interface TempoConfig {
  live_store: Record<string, unknown>;
  ingester: Record<string, unknown>;
  backend_scheduler: { provider: Record<string, unknown> };
  storage: { trace: Record<string, unknown> };
  metrics_generator: {
    registry: Record<string, unknown>;
    storage: { wal?: Record<string, unknown>; remote_write: Record<string, unknown>[] };
    processor: { service_graphs: { wait: string } };
  };
}

/** The periods of a Tempo, those that it has by itself too, shortened as the windows are. */
const hastenedConfig = (text: string): string => {
  const config = parse(text) as TempoConfig;
  const { metrics_generator: generator, storage } = config;
  generator.registry["collection_interval"] = "2s";
  generator.storage.remote_write.forEach(
    (target) => (target["queue_config"] = { batch_send_deadline: "500ms" }),
  );
  // What is in the log is read every 15 s, which no setting shortens, and when a new segment begins, as here each second.
  generator.storage.wal = { truncate_frequency: "1s" };
  generator.processor.service_graphs.wait = "6s";
  storage.trace["blocklist_poll"] = "10s";
  if (sandboxLine === "3.0") {
    Object.assign(config.live_store, {
      flush_check_period: "1s",
      max_trace_idle: "1s",
      max_block_duration: "2s",
    });
    config.backend_scheduler.provider["retention"] = { interval: "2m" };
  } else Object.assign(config.ingester, { flush_check_period: "1s", trace_idle_period: "1s" });
  return stringify(config, { lineWidth: 0 });
};

/** The rules that are deployed, and those of the same settings with shorter windows. */
export interface Rules {
  readonly deployed: readonly RuleGroup[];
  readonly unscaled: readonly RuleGroup[];
  readonly scaled: readonly RuleGroup[];
}

/** Deploys, in place of what is deployed, the same rules with shorter windows, a faster Tempo and more frequent scrapes. */
export async function hasten(api: ApiClient, settings: Settings): Promise<Rules> {
  const rules = await deployed<{ spec: { groups: RuleGroup[] } }>(api, operatorApi, "PrometheusRule");
  const links = { panel: () => "", runbooks: "" };
  const unscaled = ruleGroups(ruleOptions(settings), links);
  const scaled = ruleGroups({ ...ruleOptions(settings), windowScale: scale }, links);
  await api.apply(bare({ ...rules, spec: { groups: scaled } }));

  for (const name of ["tempo", "otel"]) {
    const monitor = await deployed<{ spec: { endpoints: object[] } }>(
      api,
      operatorApi,
      "ServiceMonitor",
      name,
    );
    const endpoints = monitor.spec.endpoints.map((endpoint) => ({ ...endpoint, interval: "1s" }));
    await api.apply(bare({ ...monitor, spec: { ...monitor.spec, endpoints } }));
  }

  const config = await deployed<{ data: Record<string, string> }>(api, "v1", "ConfigMap", "tempo-config-");
  // It cannot be changed.
  const { namespace, name } = config.metadata;
  await api.delete(await api.path({ apiVersion: "v1", kind: "ConfigMap", namespace, name }));
  await api.apply(bare({ ...config, data: { "tempo.yaml": hastenedConfig(config.data["tempo.yaml"]!) } }));
  return { deployed: rules.spec.groups, unscaled, scaled };
}

async function deployed<T>(
  api: ApiClient,
  apiVersion: string,
  kind: string,
  prefix = "",
): Promise<T & KubernetesObject> {
  const all = await api.list({ apiVersion, kind, namespace: "tracing" });
  return all.find(({ metadata }) => metadata.name.startsWith(prefix)) as T & KubernetesObject;
}

/** An object without what only the server writes. */
const bare = ({ metadata: { name, namespace }, ...object }: KubernetesObject): KubernetesObject => ({
  ...object,
  metadata: { name, namespace },
});

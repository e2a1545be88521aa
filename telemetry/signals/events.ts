import { labels } from "../metrics.ts";
import { all, is, matches } from "./promql.ts";
import { chosenEnvironment } from "./selectors.ts";
import type { SignalOptions } from "./signal.ts";

/** Something that happened, drawn over every graph. */
export interface Event {
  readonly title: string;
  /** PromQL whose value is the moment, in milliseconds since 1970; or that answers as long as it lasts. */
  readonly text: string;
  readonly lasts: boolean;
  /** Grafana's template of what is written beside it. */
  readonly legend: string;
}

/**
 * What may explain a change in the graphs, and the alerts that tell of one. Starts and versions are asked of
 * kube-state-metrics, which kube-prometheus-stack brings; without it they are not drawn.
 *
 * Source: kube-state-metrics, docs/metrics/workload/pod-metrics.md, docs/metrics/storage/configmap-metrics.md.
 */
export const events = ({ namespace }: Pick<SignalOptions, "namespace">) =>
  ({
    tempoStarted: {
      title: "Tempo started",
      text: `kube_pod_container_state_started{namespace=${JSON.stringify(namespace)},container="tempo"} * 1000`,
      lasts: false,
      legend: "Tempo started. While it was away, no traces came in.",
    },
    stackDeployed: {
      title: "New version of this stack",
      text: `kube_configmap_created{namespace=${JSON.stringify(namespace)},configmap=~"${releaseName}-.+"} * 1000`,
      lasts: false,
      legend: "{{configmap}}",
    },
    alertFiring: {
      title: "Alert",
      text: `ALERTS{${all(is("alertstate", "firing"), is(labels.environment, chosenEnvironment), matches("alertname", "(LLM|Tempo|Collector).+"))}}`,
      lasts: true,
      legend: "{{alertname}} ({{severity}})",
    },
  }) as const satisfies Record<string, Event>;

/** Beginning of the name of the ConfigMap that stands for a version of the stack, as long as that is deployed. */
export const releaseName = "llm-tracing-release";

/** What {@link events} gives. */
export type Events = ReturnType<typeof events>;

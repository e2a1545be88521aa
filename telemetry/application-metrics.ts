import { attributes, type Attribute } from "./attributes.ts";
import type { HistogramForm } from "./generator.ts";
import { externalLabels, label, type Metric } from "./metrics.ts";
import type { Application } from "./signals/signal.ts";

/**
 * What the applications measure themselves and send by OTLP, as far as it is kept: a metric that is not here is dropped by the
 * collector, and so is an attribute. Recorded of LiteLLM 1.106.2 and Open WebUI 0.12.4: `traffic/recorded/metrics`.
 *
 * Open WebUI's `http.server.*` are not kept: its spans say the same, and their route is the caller's own path where it has
 * none.
 */
export interface ApplicationMetric {
  /** Name that the application gives it. */
  readonly source: string;
  readonly application: Application;
  /** Name in Prometheus: the exporter writes the unit into it (`UnderscoreEscapingWithSuffixes`). */
  readonly name: string;
  readonly type: "gauge" | "histogram";
  readonly unit: string;
  readonly description: string;
  /** Attributes that become labels. */
  readonly attributes: readonly Attribute[];
  /** Upper bounds of a histogram's buckets where Prometheus keeps classic ones; empty for others. */
  readonly bounds: readonly number[];
  /**
   * Whether it is asked how many there were, or what they add up to. Then it is a classic histogram, whatever Prometheus takes: from what lies close
   * together, on a scale beyond 8, the exporter of v0.159.0 makes native ones whose counts move from bucket to bucket
   * (`convertBucketsLayout` in `pkg/translator/prometheusremotewrite/histograms.go`), and Prometheus takes that for a new
   * beginning. Quantiles are off by 0.3 % at most.
   */
  readonly isCounted?: true;
}

const ofModel = [attributes.operation, attributes.providerModel] as const;

/** The applications' metrics, by the name they have in this code. */
export const applicationMetrics = {
  callSeconds: {
    source: "gen_ai.client.operation.duration",
    application: "litellm",
    name: "gen_ai_client_operation_duration_seconds",
    type: "histogram",
    unit: "seconds",
    description: "Duration of calls to models, failed ones and embeddings among them.",
    attributes: [...ofModel, attributes.errorType],
    bounds: [0.1, 0.5, 1, 5, 30, 120],
    isCounted: true,
  },
  firstTokenSeconds: {
    source: "gen_ai.server.time_to_first_token",
    application: "litellm",
    name: "gen_ai_server_time_to_first_token_seconds",
    type: "histogram",
    unit: "seconds",
    description: "Time until a streamed answer began.",
    attributes: ofModel,
    bounds: [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120],
    isCounted: true,
  },
  outputTokenSeconds: {
    source: "gen_ai.server.time_per_output_token",
    application: "litellm",
    name: "gen_ai_server_time_per_output_token_seconds",
    type: "histogram",
    unit: "seconds",
    description: "Time for each token of an answer, on average over the answer, from its first token on.",
    attributes: ofModel,
    bounds: [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1],
  },
  tokens: {
    source: "gen_ai.client.token.usage",
    application: "litellm",
    name: "gen_ai_client_token_usage",
    type: "histogram",
    unit: "tokens",
    description: "Tokens that a call read (`input`) and wrote (`output`), those of embeddings among them.",
    attributes: [...ofModel, attributes.tokenType],
    bounds: [1000, 10_000],
    isCounted: true,
  },
  activeUsers: {
    source: "webui.users.active",
    application: "openWebui",
    name: "webui_users_active",
    type: "gauge",
    unit: "users",
    description: "People who used Open WebUI in the last three minutes.",
    attributes: [],
    bounds: [],
  },
  activeUsersToday: {
    source: "webui.users.active.today",
    application: "openWebui",
    name: "webui_users_active_today",
    type: "gauge",
    unit: "users",
    description: "People who used Open WebUI since midnight, by its pod's clock.",
    attributes: [],
    bounds: [],
  },
} as const satisfies Record<string, ApplicationMetric>;

/**
 * Attributes of LiteLLM's metrics from which {@link attributes.providerModel} is made, so that a model has one name in spans
 * and metrics: the provider as LiteLLM calls it, and the provider's name of the model. Spans have both in one, as LiteLLM's
 * configuration names the model.
 */
export const modelParts = [attributes.oldProvider, attributes.requestModel] as const;

/**
 * The attributes that LiteLLM is to put on its metrics (`callback_settings.otel.attributes.include_list`): without users,
 * keys and teams, so that it adds up itself what they have in common. `gen_ai.token.type` and `error.type` are not in its power.
 *
 * Source: `METRIC_ATTRIBUTE_CEILING` of LiteLLM's `litellm/integrations/otel/plumbing/metrics.py`.
 */
export const includedAttributes: readonly string[] = [attributes.operation, ...modelParts].map(
  ({ name }) => name,
);

/** Labels of the one who sent a series: the application, and which of its processes. */
export const senderLabels = { job: "job", instance: "instance" } as const;

/** The form in which Prometheus keeps one of them. */
export const formOf = ({ isCounted }: ApplicationMetric, form: HistogramForm): HistogramForm =>
  isCounted ? "classic" : form;

/** The applications' metrics as they are in Prometheus. */
export const metricsOfApplications = (form: HistogramForm): readonly Metric[] =>
  Object.values<ApplicationMetric>(applicationMetrics).map((metric) => ({
    name: metric.name,
    type: metric.type,
    unit: metric.unit,
    description: metric.description,
    labels: [
      ...metric.attributes.map((each) => label(each.name)),
      ...Object.values(senderLabels),
      ...externalLabels,
    ],
    ...(metric.type === "histogram" &&
      (formOf(metric, form) === "classic" ? { bounds: metric.bounds } : { forms: [form] })),
  }));

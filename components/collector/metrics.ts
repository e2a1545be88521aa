import {
  applicationMetrics,
  formOf,
  modelParts,
  type ApplicationMetric,
} from "../../telemetry/application-metrics.ts";
import { attributes } from "../../telemetry/attributes.ts";
import type { HistogramForm } from "../../telemetry/generator.ts";
import { remoteWriteEnv, remoteWriteUrl } from "../kubernetes/remote-write.ts";
import type { CollectorArgs } from "./args.ts";

type MetricsArgs = Pick<CollectorArgs, "services" | "histograms" | "externalLabels" | "prometheus">;

/** Statements of the transform processor that apply to one level of the data. */
interface Statements {
  readonly context: "resource" | "metric" | "datapoint" | "exemplar";
  readonly statements: readonly string[];
}

const all: readonly ApplicationMetric[] = Object.values(applicationMetrics);

/** What is a classic histogram in Prometheus. */
const isClassic =
  (form: HistogramForm) =>
  (metric: ApplicationMetric): boolean =>
    metric.type === "histogram" && formOf(metric, form) === "classic";

/** OTTL's literals. */
const text = (value: string): string => JSON.stringify(value);
const list = (values: readonly (string | number)[]): string =>
  `[${values.map((value) => (typeof value === "string" ? text(value) : value.toFixed(4))).join(", ")}]`;
const attribute = (name: string): string => `attributes[${text(name)}]`;

/**
 * Processors of the applications' metrics, in their order. What the contract (`telemetry/application-metrics.ts`) does not know
 * is dropped: metrics, and attributes, which become labels.
 */
export const metricsProcessors = ({ services, histograms: form }: MetricsArgs) => ({
  // Where a process does not say which one it is.
  "resource/sender": {
    attributes: [{ key: instanceId, from_context: "client.address", action: "insert" }],
  },
  "filter/metrics": {
    error_mode: "propagate",
    metrics: {
      metric: [`not (${all.map(isKnown(services)).join(" or ")})`],
      datapoint: [ofNoProvider],
    },
  },
  "transform/metrics": {
    error_mode: "propagate",
    metric_statements: [
      sender,
      plainExemplars,
      named,
      ...bounded(all.filter(isClassic(form))),
      ...(form === "native" ? [marked] : []),
    ],
  },
  ...(form === "native" && {
    "filter/people": { error_mode: "propagate", metrics: { datapoint: [`${attribute(mark)} != nil`] } },
  }),
});

const instanceId = "service.instance.id";

/** Bounds of the SDK's own, with which a histogram comes that is not asked to be exponential, say nothing of seconds. */
const isKnown =
  (services: MetricsArgs["services"]) =>
  ({ source, application, type }: ApplicationMetric): string =>
    [
      `name == ${text(source)}`,
      `resource.${attribute(attributes.serviceName.name)} == ${text(services[application])}`,
      ...(type === "histogram" ? ["type == METRIC_DATA_TYPE_EXPONENTIAL_HISTOGRAM"] : []),
    ]
      .join(" and ")
      .replace(/^.*$/, "($&)");

/**
 * What LiteLLM hands on as it is has the model of the caller's body, and what it refuses for its own limits the caller's
 * name for it. No provider stands on either.
 */
const ofNoProvider =
  `IsMatch(metric.name, "^gen_ai\\\\.") and ${attribute(attributes.oldProvider.name)} == nil and ` +
  `${attribute(attributes.operation.name)} != "embeddings"`;

/**
 * Which process it is that sends, so that no two write the same series: its host's name, in a cluster the pod's, and its
 * number there. A restart goes on with the same series. SDKs from 1.45 on say it by an id that is another one after each
 * restart, older ones not at all.
 */
const sender: Statements = {
  context: "resource",
  statements: [
    `set(${attribute(instanceId)}, Concat([${attribute("host.name")}, ${attribute("process.pid")}], "/")) ` +
      `where ${attribute("host.name")} != nil and ${attribute("process.pid")} != nil`,
    `keep_keys(attributes, ${list([attributes.serviceName.name, instanceId])})`,
  ],
};

/** What an SDK leaves out of a metric's attributes it may tell on its exemplars, where the exporter makes labels of it. */
const plainExemplars: Statements = {
  context: "exemplar",
  statements: ["keep_keys(filtered_attributes, [])"],
};

const [provider, model] = modelParts.map(({ name }) => attribute(name)) as [string, string];
const modelName = attribute(attributes.providerModel.name);

/** The one name that a model has in spans and metrics; LiteLLM names no provider on embeddings, nor has a span of them. */
const names = [
  `set(${modelName}, Concat([${provider}, ${model}], "/")) where ${provider} != nil and ${model} != nil`,
  `set(${modelName}, ${model}) where ${provider} == nil and ${model} != nil`,
];

const named: Statements = {
  context: "datapoint",
  statements: [
    ...names,
    ...all
      .filter(({ type }) => type === "gauge")
      .map(
        ({ source, attributes }) =>
          `keep_keys(attributes, ${list(attributes.map(({ name }) => name))}) where metric.name == ${text(source)}`,
      ),
  ],
};

/**
 * Classic histograms, with our bounds. The function of v0.159.0 counts what lies between two bounds for the lower one, and
 * has no bucket beyond the last (open-telemetry/opentelemetry-collector-contrib#50737). With a bound at 0 before ours and the
 * distribution "midpoint", which moves all alike, its counts are those of our bounds and the bucket beyond. Versions that
 * have it mended (#50971) want neither the 0 nor the bounds set apart.
 *
 * Then they are added up over all that is not kept: without it two users of a model would write the same series.
 */
const bounded = (classic: readonly ApplicationMetric[]): readonly Statements[] => [
  {
    context: "metric",
    statements: classic.map(
      ({ source, bounds }) =>
        `convert_exponential_histogram_to_histogram("midpoint", ${list([0, ...bounds])}) where name == ${text(source)}`,
    ),
  },
  {
    context: "datapoint",
    statements: classic.map(
      ({ source, bounds }) => `set(explicit_bounds, ${list(bounds)}) where metric.name == ${text(source)}`,
    ),
  },
  {
    context: "metric",
    statements: classic.map(
      ({ source, attributes }) =>
        `aggregate_on_attributes("sum", ${list(attributes.map(({ name }) => name))}) where name == ${text(source)}`,
    ),
  },
];

const mark = "beyond.the.contract";

/**
 * Exponential histograms cannot be added up: those of different scales are left apart, and those of different offsets are put
 * together wrongly (`aggregateutil` of v0.159.0 and v0.165.1). A data point with a user, a key or a team is marked, to be
 * dropped: LiteLLM has to leave them out itself.
 */
const marked: Statements = {
  context: "datapoint",
  statements: [
    ...modelParts.map(({ name }) => `delete_key(attributes, ${text(name)})`),
    'set(cache["other"], attributes)',
    ...[...new Set(all.flatMap(({ attributes }) => attributes.map(({ name }) => name)))].map(
      (name) => `delete_key(cache["other"], ${text(name)})`,
    ),
    `set(${attribute(mark)}, true) where Len(cache["other"]) > 0`,
  ],
};

/** Name of the extension that has the credentials of the remote write. */
const credentials = "basicauth/prometheus";

/** The way to Prometheus. */
export const metricsExporter = ({ externalLabels, prometheus }: MetricsArgs) => ({
  prometheus_remote_write: {
    http: {
      endpoint: remoteWriteUrl(prometheus),
      ...(prometheus.credentialsSecret && { auth: { authenticator: credentials } }),
    },
    external_labels: externalLabels,
    // The environment is a label of every series, and whose library measured it tells nobody anything.
    target_info: { enabled: false },
    disable_scope_info: true,
    // In memory: what is sent is a total, so that the next sample carries what a lost one did.
    remote_write_queue: { enabled: true, queue_size: 1000 },
    // Of all tries together; its own 5 s would drop what an absence of that length could not take.
    timeout: "600s",
    retry_on_failure: { enabled: true, initial_interval: "1s", max_interval: "10s", max_elapsed_time: "0s" },
    // Prometheus refuses what is older than it has.
    max_batch_request_parallelism: 1,
  },
});

/** What the exporter needs besides. */
export const metricsExtensions = ({ prometheus }: MetricsArgs) => ({
  ...(prometheus.credentialsSecret && {
    [credentials]: {
      client_auth: {
        username: `\${env:${remoteWriteEnv.username}}`,
        password: `\${env:${remoteWriteEnv.password}}`,
      },
    },
  }),
});

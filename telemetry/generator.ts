import { attributes, traceql } from "./attributes.ts";

/**
 * How Prometheus keeps a histogram: a `classic` one as a series for each bound, a sum and a count; a `native` one as a
 * single series, whose bounds are {@link nativeFactor} apart wherever there is something between them.
 */
export type HistogramForm = "classic" | "native";

/** The form where Prometheus takes native histograms, and where it does not. */
export const histogramForm = (takesNative: boolean): HistogramForm => (takesNative ? "native" : "classic");

/**
 * What Tempo's metrics generator is told. The metrics and labels that exist follow from it (`metrics.ts`),
 * and every question is checked against them.
 */
export interface Generator {
  /** Attributes that become labels of the span metrics. Users and sessions never do: unbounded. */
  readonly dimensions: readonly string[];
  /** How it writes histograms. Native ones need no bounds. */
  readonly histograms: HistogramForm;
  /** Upper bounds of the span metrics' latency histogram, in seconds. */
  readonly latencyBoundsSeconds: readonly number[];
  /** Upper bounds of the service graph's histograms, in seconds. */
  readonly edgeBoundsSeconds: readonly number[];
  /** Attributes of a CLIENT span that name the other side when it sends no spans of its own. */
  readonly peerAttributes: readonly string[];
  /** Spans that are counted: one entry per policy, its attributes ANDed, values are anchored regexes. */
  readonly include: readonly SpanMatch[];
  /** Spans that are left out of what `include` chose: those that meet all conditions of any of these. */
  readonly exclude: readonly (readonly SpanMatch[])[];
  /** Most values that a label may have; further ones become one. Tempo 3.0 counts them anew every 15 s. */
  readonly maxValuesPerLabel: number;
  /** Seconds between two writes to Prometheus. */
  readonly collectionIntervalSeconds: number;
}

/** A condition on a span: `kind`, or an attribute with its scope. */
export interface SpanMatch {
  readonly key: string;
  readonly value: string;
}

/** The processors that make these metrics, by Tempo's names for them. */
export const processors = ["service-graphs", "span-metrics"] as const;

/**
 * Bounds of the latency histogram, in seconds.
 * Tempo's own end at 16.384 s (12.8 s in the service graph); a local model takes minutes.
 */
export const latencyBoundsSeconds: readonly number[] = [
  0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60, 75, 120, 180, 300,
];

/**
 * How many times a bound of a native histogram is the one below it. Tempo's `native_histogram_bucket_factor` is 1.1; the
 * client library takes the next finer power, 2^(1/8). Tempo 2.8 has 1.1 in its code.
 */
export const nativeFactor = 2 ** (1 / 8);

/**
 * Spans that ended longer ago, or further in the future, are not counted, in seconds: Tempo's own
 * `metrics_ingestion_time_range_slack`.
 */
export const ingestionSlackSeconds = 30;

/**
 * The same of a distributed Tempo, in place of 30: so long is a generator away when its node goes, and Kafka has what it missed.
 */
export const distributedSlackSeconds = 300;

/**
 * First parts of the paths that LiteLLM hands on to a provider as they are. Their `http.route` is the caller's own URL.
 *
 * Source: `PASSTHROUGH_PREFIXES` of LiteLLM's `litellm/integrations/otel/mount.py`.
 */
export const passThroughPrefixes = [
  "openai",
  "openai_passthrough",
  "anthropic",
  "azure",
  "azure_ai",
  "bedrock",
  "cohere",
  "cursor",
  "gemini",
  "mistral",
  "vllm",
  "vertex_ai",
  "vertex-ai",
  "assemblyai",
  "eu.assemblyai",
  "milvus",
];

/** Call type of a request that LiteLLM hands on as it is: the model is what the caller's body says. */
export const passThroughCall = "pass_through_endpoint";

/** Name of the SERVER span that LiteLLM's tracing v1 writes within FastAPI's own. */
export const innerServerSpan = "Received Proxy Server Request";

/**
 * Attributes that become labels of the span metrics. None of them holds what a caller writes: LiteLLM's SERVER span
 * carries the model of the request's body before the key is checked; the provider's model stands on its calls alone.
 */
export const dimensions = [
  "providerModel",
  "operation",
  "provider",
  "httpRoute",
  "httpStatusCode",
  "errorType",
  "errorProvider",
  "dbSystem",
] as const satisfies readonly (keyof typeof attributes)[];

/** The generator's settings for applications with these `service.name`s. */
export function generator(
  services: { readonly openWebui: string; readonly litellm: string },
  histograms: HistogramForm = "classic",
): Generator {
  const service = (name: string): SpanMatch => ({
    key: `resource.${attributes.serviceName.name}`,
    value: escapeRegex(name),
  });
  const passThroughRoutes = `/(${passThroughPrefixes.map(escapeRegex).join("|")})(/.*)?`;
  return {
    dimensions: dimensions.map((key) => attributes[key].name),
    histograms,
    latencyBoundsSeconds,
    // The topology needs sums and counts; each bound costs two series an edge.
    edgeBoundsSeconds: [1, 30, 300],
    // `server.address` is no peer attribute: root SERVER spans carry it, and the caller "user" becomes an address.
    peerAttributes: [
      attributes.peerService,
      attributes.oldDbName,
      attributes.oldDbSystem,
      attributes.dbSystem,
      attributes.provider,
    ].map((attribute) => attribute.name),
    // INTERNAL spans (one per streamed chunk from ASGI) are neither requests nor calls.
    include: [{ key: "kind", value: "SPAN_KIND_(SERVER|CLIENT)" }],
    exclude: [
      // Open WebUI puts whole URLs into the names of its CLIENT spans: unbounded.
      [service(services.openWebui), { key: "kind", value: "SPAN_KIND_CLIENT" }],
      [service(services.litellm), { key: traceql(attributes.httpRoute), value: passThroughRoutes }],
      [service(services.litellm), { key: traceql(attributes.callRoute), value: passThroughRoutes }],
      [service(services.litellm), { key: traceql(attributes.callType), value: passThroughCall }],
      // Tracing v1 writes a second SERVER span into that of FastAPI; its code of a refused key is 500.
      [service(services.litellm), { key: "name", value: innerServerSpan }],
    ],
    maxValuesPerLabel: 500,
    collectionIntervalSeconds: 15,
  };
}

/** Quotes a literal for Go's and PromQL's regular expressions (RE2). */
export const escapeRegex = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

import { attributes } from "./attributes.ts";

/**
 * What Tempo's metrics generator is told. The metrics and labels that exist follow from it (`metrics.ts`),
 * and every question is checked against them.
 */
export interface Generator {
  /** Attributes that become labels of the span metrics. Users and sessions never do: unbounded. */
  readonly dimensions: readonly string[];
  /** Upper bounds of the span metrics' latency histogram, in seconds. */
  readonly latencyBoundsSeconds: readonly number[];
  /** Upper bounds of the service graph's histograms, in seconds. */
  readonly edgeBoundsSeconds: readonly number[];
  /** Attributes of a CLIENT span that name the other side when it sends no spans of its own. */
  readonly peerAttributes: readonly string[];
  /** Spans that are counted: one entry per policy, its attributes ANDed, values are anchored regexes. */
  readonly include: readonly SpanMatch[];
  /** Spans that are left out of what `include` chose. */
  readonly exclude: readonly SpanMatch[];
  /** Seconds between two writes to Prometheus. */
  readonly collectionIntervalSeconds: number;
}

/** A condition on a span: `kind`, or an attribute with its scope. */
export interface SpanMatch {
  readonly key: string;
  readonly value: string;
}

/**
 * Bounds of the latency histogram, in seconds.
 * Tempo's own end at 16.384 s (12.8 s in the service graph); a local model takes minutes.
 */
export const latencyBoundsSeconds: readonly number[] = [
  0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60, 75, 120, 180, 300,
];

/** The generator's settings for applications with these `service.name`s. */
export function generator(services: { readonly openWebui: string }): Generator {
  return {
    dimensions: [
      attributes.requestModel,
      attributes.operation,
      attributes.provider,
      attributes.httpRoute,
      attributes.httpStatusCode,
      attributes.oldHttpStatusCode,
      attributes.errorType,
      attributes.oldDbSystem,
      attributes.deploymentEnvironment,
    ].map((attribute) => attribute.name),
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
    // Open WebUI puts whole URLs into the names of its CLIENT spans: unbounded.
    exclude: [
      { key: `resource.${attributes.serviceName.name}`, value: escapeRegex(services.openWebui) },
      { key: "kind", value: "SPAN_KIND_CLIENT" },
    ],
    collectionIntervalSeconds: 15,
  };
}

/** Quotes a literal for Go's and PromQL's regular expressions (RE2). */
export const escapeRegex = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

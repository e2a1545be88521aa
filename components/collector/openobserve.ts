import type { types } from "@pulumi/kubernetes";
import { namespaceOfService } from "../../service-url.ts";
import { toServer } from "../kubernetes/network.ts";

/** The OpenObserve that logs are written to. */
export interface OpenobserveStore {
  /** Its address. */
  readonly url: string;
  /** Organization that holds the logs. */
  readonly organization: string;
  /** Stream that holds the logs. */
  readonly stream: string;
  /** Secret in the collector's namespace whose value is the whole Authorization header. */
  readonly credentialsSecret: { readonly name: string; readonly key: string };
  /**
   * Labels of its pods.
   *
   * @default every pod of its namespace
   */
  readonly podLabels?: Readonly<Record<string, string>>;
  /**
   * Port of its pods.
   *
   * @default that of the address
   */
  readonly podPort?: number;
}

/** Variable of the collector's environment that holds the Authorization header. */
const authorization = "OPENOBSERVE_AUTHORIZATION";

/**
 * Exporter of logs, but for what it does with those that it cannot send. OpenObserve takes OTLP over HTTP at
 * `/api/<organization>/v1/logs`, and the stream by a header (`src/api/ingest/src/request/logs/ingest.rs` of v0.92).
 */
export const openobserveExporter = ({ url, organization, stream }: OpenobserveStore) => ({
  endpoint: `${url}/api/${encodeURIComponent(organization)}`,
  compression: "gzip",
  headers: { Authorization: `\${env:${authorization}}`, "stream-name": stream },
});

/** The words of OpenTelemetry's levels, by the number of the highest of each. */
const levels = { 4: "TRACE", 8: "DEBUG", 12: "INFO", 16: "WARN", 20: "ERROR", 24: "FATAL" };

/**
 * Statements that make lines of all applications alike. LiteLLM's events have the number of a level alone, and OpenObserve keeps
 * a number where others have a word (`src/core/src/logs/otlp.rs`). Its router writes words in colours for a terminal.
 */
export const lineStatements: readonly string[] = [
  ...Object.entries(levels).map(
    ([number, word]) =>
      `set(log.severity_text, "${word}") where log.severity_text == "" and log.severity_number >= ${Number(number) - 3} and log.severity_number <= ${number}`,
  ),
  String.raw`replace_pattern(log.body, "\\x1b\\[[0-9;]*m", "") where IsString(log.body)`,
];

/** What the exporter reads from the environment. */
export const openobserveEnv = ({ credentialsSecret }: OpenobserveStore): types.input.core.v1.EnvVar => ({
  name: authorization,
  valueFrom: { secretKeyRef: credentialsSecret },
});

/** The way to it. */
export function toOpenobserve({
  url,
  podLabels,
  podPort,
}: OpenobserveStore): types.input.networking.v1.NetworkPolicyEgressRule {
  const namespace = namespaceOfService(url);
  return toServer({ url, podPort, ...(namespace !== undefined && { pods: { namespace, podLabels } }) });
}

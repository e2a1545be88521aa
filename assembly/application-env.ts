import { attributes } from "../telemetry/attributes.ts";
import type { OtlpEndpoints } from "../components/kubernetes/otlp.ts";
import type { Settings } from "../settings.ts";

/** Environment variables for each application. */
export interface ApplicationEnv {
  readonly openWebui: Readonly<Record<string, string>>;
  readonly litellm: Readonly<Record<string, string>>;
}

/** Python's contrib packages write the old HTTP and database attributes unless told to write the new ones as well. */
const bothConventions = { OTEL_SEMCONV_STABILITY_OPT_IN: "http/dup,database/dup" };

/**
 * For how long an exporter tries to deliver a batch, in seconds (the SDK for Python reads seconds where the specification has
 * milliseconds). It tries six times, 1, 2, 4, 8 and 16 s apart, 20 % less or more, and gives up when the next wait goes
 * beyond this time: with its own 10 s after 7 s, so that each restart of Tempo would lose spans. With this it tries for
 * at least 24.8 s. (`exporter/otlp/proto/{http,grpc}` of 1.42.1 and 1.45.2.)
 */
export const exportTimeoutSeconds = 60;

const exporting = { OTEL_EXPORTER_OTLP_TIMEOUT: String(exportTimeoutSeconds) };

/** Folder in which the applications' pods have certificates for the way here: `ca.crt`, and `tls.crt` and `tls.key` of their own. */
export const otlpTlsFolder = "/etc/otlp-tls";

/** The variables by which the SDK for Python finds them, over gRPC and HTTP alike (`exporter/otlp/proto`). */
const certificates = (tls: Settings["tempo"]["otlpTls"]): Record<string, string> => ({
  ...(tls && { OTEL_EXPORTER_OTLP_CERTIFICATE: `${otlpTlsFolder}/ca.crt` }),
  ...(tls?.clientCertificates && {
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: `${otlpTlsFolder}/tls.crt`,
    OTEL_EXPORTER_OTLP_CLIENT_KEY: `${otlpTlsFolder}/tls.key`,
  }),
});

/**
 * What tells the processes that measure apart: without it two of them write the same series. Open WebUI's SDK says nothing of
 * it by itself, and LiteLLM's only from 1.45 on. (`sdk/resources` of 1.33.1, 1.42.1 and 1.45.2.)
 */
const process = { OTEL_EXPERIMENTAL_RESOURCE_DETECTORS: "host,process" };

/**
 * LiteLLM's own metrics, every 5 s, which no variable changes (`otel/plumbing/providers.py`). The bounds of the SDK's
 * histograms, 0, 5, 10 and so on, are of no use in seconds.
 */
const litellmMetrics = {
  LITELLM_OTEL_INTEGRATION_ENABLE_METRICS: "true",
  OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: "base2_exponential_bucket_histogram",
  ...process,
};

const openWebuiMetrics = { ...process, OTEL_METRICS_EXPORT_INTERVAL_MILLIS: "15000" };

const userHeaders = "x-openwebui-user-id,x-openwebui-chat-id";

/**
 * Events tell of failed calls. The other lines LiteLLM sends when it is started by `opentelemetry-instrument`, which finds
 * `opentelemetry-instrumentation-logging` (docs/applications.md): at this level a good call has some as well.
 */
const litellmLogs = { LITELLM_OTEL_INTEGRATION_ENABLE_EVENTS: "true", LITELLM_LOG: "INFO" };

/**
 * What Open WebUI and LiteLLM need in their environment to send their telemetry here.
 *
 * Sources: open-webui `backend/open_webui/env.py` and `utils/telemetry/`; LiteLLM `litellm/integrations/otel/`.
 * Metrics are sent where a collector takes them, and logs where there is a store for them as well: Tempo takes traces only.
 */
export function applicationEnv(
  {
    applications: { services },
    collector,
    environment,
    tempo: { otlpTls },
    openobserve: { credentialsSecret },
  }: Pick<Settings, "applications" | "collector" | "environment" | "tempo" | "openobserve">,
  otlp: OtlpEndpoints,
): ApplicationEnv {
  const withLogs = collector.enabled && credentialsSecret !== undefined;
  return {
    openWebui: {
      ENABLE_OTEL: "true",
      ENABLE_OTEL_TRACES: "true",
      ENABLE_OTEL_METRICS: String(collector.enabled),
      ENABLE_OTEL_LOGS: String(withLogs),
      OTEL_SERVICE_NAME: services.openWebui,
      OTEL_RESOURCE_ATTRIBUTES: `${attributes.deploymentEnvironment.name}=${environment}`,
      OTEL_OTLP_SPAN_EXPORTER: "grpc",
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.grpc,
      OTEL_EXPORTER_OTLP_INSECURE: String(otlpTls === undefined),
      OTEL_PROPAGATORS: "tracecontext,baggage",
      OTEL_PYTHON_FASTAPI_EXCLUDED_URLS: "health,static,ws/socket.io",
      ENABLE_FORWARD_USER_INFO_HEADERS: "true",
      OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST: userHeaders,
      // Each look for due timers (every second) and automations (every 10 s) is a trace: 130,000 a day of an idle process.
      TIMER_POLL_INTERVAL: "15",
      SCHEDULER_POLL_INTERVAL: "60",
      ...exporting,
      ...certificates(otlpTls),
      ...(collector.enabled && openWebuiMetrics),
      ...bothConventions,
    },
    litellm: {
      // v1 of LiteLLM's tracing has no CLIENT spans: no Ollama and no PostgreSQL in the topology.
      LITELLM_OTEL_V2: "true",
      OTEL_EXPORTER: "otlp_http",
      OTEL_ENDPOINT: otlp.http,
      OTEL_SERVICE_NAME: services.litellm,
      OTEL_ENVIRONMENT_NAME: environment,
      OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST: userHeaders,
      // Prompts and answers stay out of traces.
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "no_content",
      ...(withLogs && litellmLogs),
      // LiteLLM instruments its server itself.
      OTEL_PYTHON_DISABLED_INSTRUMENTATIONS: "fastapi,asgi",
      ...exporting,
      ...certificates(otlpTls),
      ...(collector.enabled && litellmMetrics),
      ...bothConventions,
    },
  };
}

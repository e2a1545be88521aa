import type { TempoEndpoints } from "./components/tempo/tempo.ts";
import type { Settings } from "./settings.ts";

/** Environment variables for each application. */
export interface ApplicationEnv {
  readonly openWebui: Readonly<Record<string, string>>;
  readonly litellm: Readonly<Record<string, string>>;
}

/** Python's contrib packages write the old HTTP and database attributes unless told to write the new ones as well. */
const bothConventions = { OTEL_SEMCONV_STABILITY_OPT_IN: "http/dup,database/dup" };

const userHeaders = "x-openwebui-user-id,x-openwebui-chat-id";

/**
 * What Open WebUI and LiteLLM need in their environment to send traces here.
 *
 * Sources: open-webui `backend/open_webui/env.py` and `utils/telemetry/`; LiteLLM `litellm/integrations/otel/`.
 * Metrics and logs stay off at Open WebUI: Tempo takes traces only.
 */
export function applicationEnv(
  { applications: { services }, environment }: Pick<Settings, "applications" | "environment">,
  tempo: Pick<TempoEndpoints, "otlpGrpc" | "otlpHttp">,
): ApplicationEnv {
  return {
    openWebui: {
      ENABLE_OTEL: "true",
      ENABLE_OTEL_TRACES: "true",
      ENABLE_OTEL_METRICS: "false",
      ENABLE_OTEL_LOGS: "false",
      OTEL_SERVICE_NAME: services.openWebui,
      OTEL_RESOURCE_ATTRIBUTES: `deployment.environment=${environment}`,
      OTEL_OTLP_SPAN_EXPORTER: "grpc",
      OTEL_EXPORTER_OTLP_ENDPOINT: tempo.otlpGrpc,
      OTEL_EXPORTER_OTLP_INSECURE: "true",
      OTEL_PROPAGATORS: "tracecontext,baggage",
      OTEL_PYTHON_FASTAPI_EXCLUDED_URLS: "health,static,ws/socket.io",
      ENABLE_FORWARD_USER_INFO_HEADERS: "true",
      OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST: userHeaders,
      // Each look for due timers (every second) and automations (every 10 s) is a trace: 130,000 a day of an idle process.
      TIMER_POLL_INTERVAL: "15",
      SCHEDULER_POLL_INTERVAL: "60",
      ...bothConventions,
    },
    litellm: {
      // v1 of LiteLLM's tracing has no CLIENT spans: no Ollama and no PostgreSQL in the topology.
      LITELLM_OTEL_V2: "true",
      OTEL_EXPORTER: "otlp_http",
      OTEL_ENDPOINT: tempo.otlpHttp,
      OTEL_SERVICE_NAME: services.litellm,
      OTEL_ENVIRONMENT_NAME: environment,
      OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST: userHeaders,
      // Prompts and answers stay out of traces.
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "no_content",
      ...bothConventions,
    },
  };
}

import { attributes, traceql } from "./attributes.ts";
import { escapeRegex } from "./generator.ts";

/** PromQL for Prometheus; `legend` is Grafana's template of a series' name. */
export interface PromqlQuery {
  readonly language: "promql";
  readonly text: string;
  readonly legend: string;
}

/** A TraceQL search; `limit` is the most traces it may answer with. */
export interface TraceqlQuery {
  readonly language: "traceql";
  readonly text: string;
  readonly limit: number;
}

/** One trace by its id. */
export interface TraceQuery {
  readonly language: "trace";
  readonly text: string;
}

/** SQL for OpenObserve. */
export interface SqlQuery {
  readonly language: "sql";
  readonly text: string;
}

/** Grafana's service map, which asks Prometheus for the service-graph metrics by itself. */
export interface ServiceMapQuery {
  readonly language: "service-map";
}

/** A query as plain text, as an operator would paste it; `$interval` and `$traceId` are dashboard variables. */
export type Query = PromqlQuery | TraceqlQuery | TraceQuery | SqlQuery | ServiceMapQuery;

/** One question to the tracing data. Dashboards, alerts and docs take signals; none writes a query of its own. */
export interface Signal {
  readonly title: string;
  /** What the answer means, for the operator who reads the panel. */
  readonly description: string;
  /** Unit of the values, as Grafana names it: `s`, `reqps`, `percent`, …; none for tables and graphs. */
  readonly unit?: string;
  readonly queries: readonly Query[];
  /** Applications that must send spans before it shows anything. */
  readonly needs: readonly Application[];
}

/** An application whose spans the signals ask for. */
export type Application = "openWebui" | "litellm";

/** What differs between installations. */
export interface SignalOptions {
  /** `service.name` of each application. */
  readonly services: Readonly<Record<Application, string>>;
  /** A trace that takes longer is slow, in seconds. */
  readonly slowRequestSeconds: number;
  /** Stream of OpenObserve that holds the applications' logs. */
  readonly logStream: string;
}

/** The newest traces a table shows. */
const tableLimit = 50;

/** Routes of LiteLLM that call a model. LiteLLM v1 writes no route: the empty alternative keeps its spans. */
const modelRoutes = "(.*/(completions|embeddings|responses|messages))?";

const calls = "traces_spanmetrics_calls_total";
const latency = "traces_spanmetrics_latency_bucket";
const edges = "traces_service_graph_request";

/** All signals, by id. */
export function signals(options: SignalOptions) {
  const { services, slowRequestSeconds, logStream } = options;
  const anyService = Object.values(services).map(escapeRegex).join("|");
  const requests = `service=~${promString(anyService)},span_kind="SPAN_KIND_SERVER"`;
  const modelRequests = `service=${promString(services.litellm)},span_kind="SPAN_KIND_SERVER",http_route=~"${modelRoutes}"`;
  const litellmSpans = `${traceql(attributes.serviceName)} = ${JSON.stringify(services.litellm)}`;
  const isModelCall = `${traceql(attributes.operation)} != nil`;
  const columns = [
    attributes.requestModel,
    attributes.inputTokens,
    attributes.outputTokens,
    attributes.costTotal,
    attributes.httpStatusCode,
    attributes.errorType,
  ].map(traceql);
  const table = (condition: string): TraceqlQuery => ({
    language: "traceql",
    // Without most_recent Tempo answers with any matches, not the newest.
    text: `{ ${condition} } | select(${columns.join(", ")}) with (most_recent=true)`,
    limit: tableLimit,
  });

  return {
    topology: {
      title: "AI Service Topology",
      description:
        "Who calls whom, with calls per second and errors, over the dashboard's time range. Ollama and PostgreSQL send no " +
        "spans: they appear as their callers see them, always read 0 ms here, and show up about as late as the longest " +
        "answer may take. Their duration is in the row Service graph.",
      queries: [{ language: "service-map" }],
      needs: ["openWebui", "litellm"],
    },
    requestRate: {
      title: "Request Rate",
      description:
        "Requests that each service answered per second, whatever their result. One chat makes several: Open WebUI also " +
        "counts its pages, and LiteLLM the titles and tags that Open WebUI asks for in the background.",
      unit: "reqps",
      queries: [prom(`sum by (service) (rate(${calls}{${requests}}[$interval]))`, "{{service}}")],
      needs: ["openWebui", "litellm"],
    },
    latencyPercentiles: {
      title: "LiteLLM Latency Percentiles",
      description:
        "How long LiteLLM's model requests took, to the last streamed token. Diamonds are single requests: click one to " +
        "open its trace. Values between two histogram bounds are interpolated; nothing above 300 s is told apart.",
      unit: "s",
      queries: [0.5, 0.95, 0.99].map((quantile) =>
        prom(
          `histogram_quantile(${quantile}, sum by (le) (rate(${latency}{${modelRequests}}[$interval])))`,
          `p${quantile * 100}`,
        ),
      ),
      needs: ["litellm"],
    },
    errorRate: {
      title: "Error Rate (5xx)",
      description:
        "Share of requests answered with an HTTP status from 500 up, per service. A refused key (401) or an exhausted " +
        "budget (429) is no 5xx, nor is an answer that broke off after it had begun: that was already a 200. Open WebUI " +
        "answers a chat before the model does, so failed chats show at LiteLLM.",
      unit: "percent",
      queries: [
        prom(
          percentage(
            `sum by (service) (rate(${calls}{${requests},http_response_status_code=~"5.."}[$interval])` +
              ` or rate(${calls}{${requests},http_status_code=~"5.."}[$interval]))`,
            `sum by (service) (rate(${calls}{${requests}}[$interval]))`,
          ),
          "{{service}}",
        ),
      ],
      needs: ["openWebui", "litellm"],
    },
    slowRequests: {
      title: `Slow Requests (> ${slowRequestSeconds}s)`,
      description:
        `The newest ${tableLimit} traces through LiteLLM that took longer than ${slowRequestSeconds} s from first span to ` +
        "last. Open WebUI's own span ends at once (the answer comes in the background), so the whole trace counts. The " +
        "newest 30 s are not yet searchable.",
      queries: [table(`${litellmSpans} && span:kind = server && trace:duration > ${slowRequestSeconds}s`)],
      needs: ["litellm"],
    },
    recentTraces: {
      title: "Recent Traces",
      description:
        `The newest ${tableLimit} traces through LiteLLM; open a row for model, tokens, cost, status and error class. The ` +
        "newest 30 s are not yet searchable.",
      queries: [table(`${litellmSpans} && (span:kind = server || ${isModelCall})`)],
      needs: ["litellm"],
    },
    trace: {
      title: "Trace",
      description:
        "Every span of the trace chosen in a table above, or whose id is typed into the variable Trace id.",
      queries: [{ language: "trace", text: "$traceId" }],
      needs: [],
    },
    traceLogs: {
      title: "Logs of the trace",
      description:
        "What all services logged for that trace within the dashboard's time range. Only logs that carry the trace id are found.",
      queries: [{ language: "sql", text: logsOfFoundTrace(logStream, "$traceId") }],
      needs: [],
    },
    requestRateOfSpan: {
      title: "Request rate",
      description: "Spans per second of the service whose span is open, a quarter of an hour to either side.",
      unit: "reqps",
      queries: [prom(`sum(rate(${calls}{$__tags}[5m]))`, "")],
      needs: [],
    },
    edgeRate: {
      title: "Calls between services",
      description: "Calls per second from one service to another, as drawn in the topology.",
      unit: "reqps",
      queries: [prom(`sum by (client, server) (rate(${edges}_total[$interval]))`, edgeLegend)],
      needs: ["openWebui", "litellm"],
    },
    edgeErrors: {
      title: "Failed calls between services",
      description:
        "Share of those calls that either side marked as an error. Between Open WebUI and LiteLLM a 401 or 429 counts too.",
      unit: "percent",
      queries: [
        prom(
          percentage(
            `sum by (client, server) (rate(${edges}_failed_total[$interval]))`,
            `sum by (client, server) (rate(${edges}_total[$interval]))`,
          ),
          edgeLegend,
        ),
      ],
      needs: ["openWebui", "litellm"],
    },
    edgeDuration: {
      title: "Duration of calls between services",
      description:
        "Average time the caller waited. Open WebUI stops its clock at the response headers, so a streamed answer looks " +
        "shorter there than LiteLLM's own time.",
      unit: "s",
      queries: [
        prom(
          `sum by (client, server) (rate(${edges}_client_seconds_sum[$interval]))` +
            ` / sum by (client, server) (rate(${edges}_client_seconds_count[$interval]))`,
          edgeLegend,
        ),
      ],
      needs: ["openWebui", "litellm"],
    },
  } as const satisfies Record<string, Signal>;
}

/** The signals of one installation. */
export type Signals = ReturnType<typeof signals>;

/** SQL for the logs of a span's service in its trace; variables are those of Grafana's trace view. */
export const logsOfSpan = (stream: string): string =>
  `SELECT * FROM "${stream}" WHERE trace_id = '\${traceID}' AND service_name = '\${serviceName}' ORDER BY _timestamp`;

/** SQL for the logs of all services in a trace; the variable is that of Grafana's trace view, with all 32 characters. */
export const logsOfWholeTrace = (stream: string): string =>
  `SELECT * FROM "${stream}" WHERE trace_id = '\${traceID}' ORDER BY _timestamp`;

/**
 * SQL for the logs of a trace that a search found. The id is matched by its end: Tempo's search drops leading
 * zeros (1 trace in 16 has one), OpenObserve keeps all 32 characters.
 */
export const logsOfFoundTrace = (stream: string, traceId: string): string =>
  `SELECT _timestamp, service_name, severity, body FROM "${stream}" WHERE trace_id LIKE '%${traceId}' ORDER BY _timestamp`;

const edgeLegend = "{{client}} → {{server}}";

const prom = (text: string, legend: string): PromqlQuery => ({ language: "promql", text, legend });

/** A share in percent that reads 0, not "no data", while nothing of `part` has happened yet. */
const percentage = (part: string, whole: string): string => `100 * (${part} or 0 * ${whole}) / ${whole}`;

/** A PromQL string literal. */
const promString = (text: string): string => JSON.stringify(text);

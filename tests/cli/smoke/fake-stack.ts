import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSocketServer, type AddressInfo, type Server as SocketServer } from "node:net";

/** What a server says to a request; undefined: what it says when all is well. */
export type Say = (url: URL) => { readonly status?: number; readonly body: unknown } | undefined;

/** How the three servers misbehave; all is well where nothing is said. */
export interface Misbehaviour {
  readonly otlp?: Say | Death;
  readonly tempo?: Say | Death;
  readonly prometheus?: Say | Death;
  /** Seconds that Tempo's clock is ahead. */
  readonly tempoAhead?: number;
}

/** Nothing listens; it takes the connection and never answers; it speaks HTTP/2 at once, as gRPC servers do. */
export type Death = "down" | "hangs" | "grpc";

/** Addresses of servers that answer like a Tempo and a Prometheus which have seen the trace that was sent. */
export interface FakeStack {
  readonly otlp: string;
  readonly tempo: string;
  readonly prometheus: string;
  close(): void;
}

interface Seen {
  traceId: string;
  spans: number;
  sends: number;
}

/** Starts the servers on free ports. */
export async function fakeStack(wrong: Misbehaviour = {}): Promise<FakeStack> {
  const seen: Seen = { traceId: "", spans: 0, sends: 0 };
  const servers = {
    otlp: start(wrong.otlp, (_url, body) => takeTrace(seen, body)),
    tempo: start(wrong.tempo, (url) => asTempo(seen, url), wrong.tempoAhead),
    prometheus: start(wrong.prometheus, (url) => asPrometheus(seen, url)),
  };
  const [otlp, tempo, prometheus] = await Promise.all(Object.values(servers));
  const all = [otlp!, tempo!, prometheus!];
  return {
    otlp: otlp!.address,
    tempo: tempo!.address,
    prometheus: prometheus!.address,
    close: () => all.forEach(({ close }) => close()),
  };
}

type Answer = (url: URL, body: string) => unknown;

async function start(wrong: Say | Death | undefined, answer: Answer, ahead = 0) {
  const server =
    wrong === "grpc"
      ? createSocketServer((socket) => socket.on("error", () => undefined).end(http2Settings))
      : createServer((request, response) => void handle(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A test that fails before it closes the server does not keep mocha from ending.
  server.unref();
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (wrong === "down") {
    server.close();
    await once(server, "close");
  }
  return { address, close: () => shut(server) };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (wrong === "hangs") return;
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const url = new URL(request.url!, address);
    const usual = answer(new URL(request.url!.replace(/^\/prom\//, "/"), address), body);
    const said = (typeof wrong === "function" ? wrong(url) : undefined) ?? { body: usual };
    response.setHeader("date", new Date(Date.now() + 1000 * ahead).toUTCString());
    response
      .writeHead(said.status ?? 200)
      .end(typeof said.body === "string" ? said.body : JSON.stringify(said.body));
  }
}

/** The first frame of an HTTP/2 server: empty settings. */
const http2Settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

function shut(server: Server | SocketServer): void {
  server.close();
  if ("closeAllConnections" in server) server.closeAllConnections();
}

function takeTrace(seen: Seen, body: string): object {
  const { resourceSpans } = JSON.parse(body) as {
    resourceSpans: { scopeSpans: { spans: { traceId: string }[] }[] }[];
  };
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  Object.assign(seen, { traceId: spans[0]!.traceId, spans: spans.length, sends: seen.sends + 1 });
  return {};
}

/** Tempo's own metrics, which count the spans that were sent. */
export const tempoMetrics = (received: number, more = ""): string =>
  'tempo_metrics_generator_active_processors{processor="service-graphs",tenant="t"} 1\n' +
  'tempo_metrics_generator_active_processors{processor="span-metrics",tenant="t"} 1\n' +
  `tempo_metrics_generator_spans_received_total{tenant="t"} ${received}\n${more}`;

function asTempo(seen: Seen, url: URL): unknown {
  if (url.pathname === "/metrics") return tempoMetrics(seen.spans);
  if (url.pathname.startsWith("/api/v2/traces/")) {
    return { trace: { resourceSpans: [{ scopeSpans: [{ spans: Array(seen.spans).fill({}) }] }] } };
  }
  return url.pathname === "/api/search"
    ? { traces: [{ traceID: seen.traceId.replace(/^0+/, "") }] }
    : { series: [] };
}

/** Prometheus's answer for now, and for the samples of a range. */
export const vector = (...series: readonly Counted[]) => ({
  data: {
    result: series.map(([metric, value]) => ({
      metric,
      value: [1, String(value)],
      values: [[1, String(value)]],
    })),
  },
});

function asPrometheus(seen: Seen, url: URL): unknown {
  const query = url.searchParams.get("query") ?? "";
  switch (url.pathname) {
    case "/api/v1/status/flags":
      return { data: { "web.enable-remote-write-receiver": "true", "enable-feature": "exemplar-storage" } };
    case "/api/v1/query_exemplars":
      return { data: [{ exemplars: [{ labels: { traceID: seen.traceId } }] }] };
    case "/api/v1/query_range":
      return { data: { result: [] } };
  }
  if (query.startsWith("group")) return vector();
  if (query.startsWith("timestamp")) return vector();
  // The collector is not scraped, nor is a distributed Tempo.
  if (query.includes("otelcol_") || query.startsWith("{")) return vector();
  const count = earlier + seen.sends;
  return vector(...(query.startsWith("traces_spanmetrics") ? probeCalls(count) : probeEdges(count)));
}

/** How often earlier probes were counted. */
export const earlier = 7;

/** A series with its value. */
export type Counted = readonly [labels: object, value: number];

const openWebui = "llm-tracing-smoke-open-webui";
const litellm = "llm-tracing-smoke-litellm";

/** Series of the probes' spans. */
export const probeCalls = (count: number): Counted[] => [
  [{ service: openWebui, span_kind: "SPAN_KIND_SERVER" }, count],
  [{ service: openWebui, span_kind: "SPAN_KIND_CLIENT" }, count],
  [{ service: litellm, span_kind: "SPAN_KIND_SERVER" }, count],
  [{ service: litellm, span_kind: "SPAN_KIND_CLIENT", gen_ai_operation_name: "chat" }, count],
];

/** Series of the calls between their services. */
export const probeEdges = (count: number): Counted[] => [
  [{ client: openWebui, server: litellm }, count],
  [{ client: litellm, server: "llm-tracing-smoke" }, count],
];

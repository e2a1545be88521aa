import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { decodeLogs, encodeAnswer } from "./otlp.ts";
import { recordsOf, type Hit } from "./records.ts";
import { search, SearchError, type Search } from "./search.ts";

/** A stand-in for OpenObserve, which cannot run here: its addresses for logs by OTLP and for searches, strictly. */
export interface OpenObserve {
  readonly url: string;
  /** The Authorization header that it takes, whole. May change while it runs, as a password may. */
  authorization: string;
  /** Records by stream, as they are found. */
  readonly streams: ReadonlyMap<string, readonly Hit[]>;
  /** What was answered with an error: method, path and status, such as `POST /api/default/v1/logs 401`. */
  readonly refused: readonly string[];
  /** Ends it; whoever still sends finds nobody. */
  close(): Promise<void>;
}

/** How it is started. */
export interface OpenObserveOptions {
  readonly authorization: string;
  /** @default "default" */
  readonly organization?: string;
  /** @default one that is free */
  readonly port?: number;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

const protobufType = "application/x-protobuf";

const text = (status: number, body: string): Answer => ({ status, type: "text/plain", body });
const json = (status: number, body: object): Answer => ({
  status,
  type: "application/json",
  body: JSON.stringify(body),
});
const badRequest = (message: string): Answer => json(400, { code: 400, message });

/**
 * Starts one on 127.0.0.1. Paths, statuses and words are those of OpenObserve v0.92: `src/api/ingest/src/request/logs/ingest.rs`,
 * `src/api/common/src/auth/validator.rs`, `src/core/src/logs/otlp.rs`.
 */
export async function startOpenObserve(options: OpenObserveOptions): Promise<OpenObserve> {
  const { authorization, organization = "default", port = 0 } = options;
  const streams = new Map<string, Hit[]>();
  const refused: string[] = [];
  const server = createServer((request, response) => {
    void answer(request).then(({ status, type, body }) => {
      if (status !== 200) refused.push(`${request.method} ${request.url} ${status}`);
      response.writeHead(status, { "content-type": type }).end(body);
    });
  });

  async function answer(request: IncomingMessage): Promise<Answer> {
    const body = await bodyOf(request);
    if (request.headers.authorization !== openobserve.authorization) return text(401, "Unauthorized Access");
    const path = new URL(request.url ?? "/", "http://openobserve").pathname;
    if (request.method !== "POST") return text(405, "");
    if (path === `/api/${organization}/v1/logs`) return takeLogs(request, body);
    return path === `/api/${organization}/_search` ? answerSearch(body) : text(404, "");
  }

  function takeLogs({ headers }: IncomingMessage, body: Buffer): Answer {
    const type = headers["content-type"] ?? protobufType;
    if (type !== protobufType) return badRequest("Bad Request");
    const name = String(headers["stream-name"] ?? "default");
    const stream = name.replace(/[^a-zA-Z0-9_:]+/g, "_").toLowerCase();
    try {
      const plain = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      const { hits, rejected, reason } = recordsOf(decodeLogs(plain), Date.now());
      streams.set(stream, [...(streams.get(stream) ?? []), ...hits]);
      return { status: 200, type: protobufType, body: encodeAnswer(rejected, reason) };
    } catch (error) {
      return badRequest(`Invalid proto: ${String(error)}`);
    }
  }

  function answerSearch(body: Buffer): Answer {
    try {
      const hits = search(streams, (JSON.parse(body.toString()) as { query: Search }).query);
      return json(200, { hits, total: hits.length });
    } catch (error) {
      return json(400, { code: error instanceof SearchError ? error.code : 400, message: String(error) });
    }
  }

  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const openobserve: OpenObserve = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authorization,
    streams,
    refused,
    close: () => closed(server),
  };
  return openobserve;
}

async function closed(server: Server): Promise<void> {
  const ended = once(server, "close");
  server.close();
  server.closeAllConnections();
  await ended;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

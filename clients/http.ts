import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { UserError } from "../errors.ts";

/** A server that answered, but with an error. */
export class AnsweredError extends UserError {
  readonly server: string;
  readonly status: number;

  constructor(server: string, status: number, words: string) {
    super(`${server} answered ${status}${words === "" ? "" : `: ${words}`}`);
    this.server = server;
    this.status = status;
  }
}

/** Why nothing came back. */
export type UnreachableReason =
  | "refused" // nothing listens there
  | "hangs" // it took the connection and never answered
  | "unknown" // there is no such host
  | "untrusted" // one side does not take the other's certificate
  | "garbled"; // what answers there does not speak HTTP, or breaks off

/** A server that did not answer. */
export class UnreachableError extends UserError {
  readonly server: string;
  readonly reason: UnreachableReason;

  constructor(server: string, reason: UnreachableReason, message: string) {
    super(message);
    this.server = server;
    this.reason = reason;
  }
}

/** What a server answered with. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  /** The server's clock, in milliseconds since 1970, if it tells. */
  readonly date: number | undefined;
}

/** Certificates (PEM) for a server that Node's own authorities do not vouch for. */
export interface Tls {
  /** Of the authority that signed the server's certificate. */
  readonly ca: string;
  /** A certificate of one's own, with its key. */
  readonly own?: { readonly cert: string; readonly key: string };
  /**
   * The name in the server's certificate.
   *
   * @default the host that is asked
   */
  readonly serverName?: string;
}

/** How a server is asked. */
export interface RequestOptions {
  /** @default 30 */
  readonly timeoutSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent by POST. */
  readonly body?: string | Buffer<ArrayBuffer>;
  /** @default Node's own authorities, and no certificate of one's own */
  readonly tls?: Tls;
}

/** An address below a server's, which may have a path of its own. */
export function urlBelow(server: string, path: string, query: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(server.replace(/\/+$/, "") + path);
  url.search = new URLSearchParams(query).toString();
  return url;
}

/**
 * Asks a server for JSON.
 *
 * @param server - Its name, for the words of an error.
 * @throws AnsweredError when it answers with an error.
 * @throws UnreachableError when it cannot be reached or does not answer in time.
 * @throws UserError when it answers with something else.
 */
export async function getJson<T>(server: string, url: URL, options: RequestOptions = {}): Promise<T> {
  const { text, status } = await request(server, url, options);
  if (status >= 400) throw new AnsweredError(server, status, wordsOf(text));
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new UserError(
      `${server} at ${url.origin} does not speak JSON: is this really ${server}? It says: ${wordsOf(text)}`,
    );
  }
}

/**
 * Sends a request and reads the whole answer, whatever its status.
 *
 * @throws UnreachableError when there is none in time.
 */
export async function request(
  server: string,
  url: URL,
  { timeoutSeconds = 30, headers = {}, body, tls }: RequestOptions = {},
): Promise<Reply> {
  const signal = AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000));
  try {
    const init = { method: body === undefined ? "GET" : "POST", headers, body, signal };
    const response = await (tls ? fetchOverTls(url, init, tls) : fetch(url, init));
    const date = Date.parse(response.headers.get("date") ?? "");
    return {
      status: response.status,
      text: await response.text(),
      date: Number.isNaN(date) ? undefined : date,
    };
  } catch (error) {
    throw unreachable(server, url, error, timeoutSeconds);
  }
}

/** As `fetch`, which takes no certificates. */
const fetchOverTls = (
  url: URL,
  {
    body,
    ...init
  }: {
    method: string;
    headers: Record<string, string>;
    body?: string | Buffer<ArrayBuffer>;
    signal: AbortSignal;
  },
  { ca, own, serverName }: Tls,
): Promise<Response> =>
  new Promise((resolve, reject) => {
    const failed = (cause: Error) =>
      reject(init.signal.aborted ? (init.signal.reason as Error) : new TypeError("fetch failed", { cause }));
    const options = { ...init, ...own, ca, servername: serverName, agent: false };
    const outgoing = requestHttps(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", failed);
      incoming.on("end", () => {
        const { statusCode: status, headers } = incoming;
        resolve(new Response(Buffer.concat(chunks), { status, headers: { date: headers.date ?? "" } }));
      });
    });
    outgoing.on("error", failed).end(body);
  });

function unreachable(
  server: string,
  { origin }: URL,
  error: unknown,
  timeoutSeconds: number,
): UnreachableError {
  if (error instanceof Error && error.name === "TimeoutError") {
    const words = `${server} at ${origin} did not answer within ${Math.ceil(timeoutSeconds)} s.`;
    return new UnreachableError(server, "hangs", words);
  }
  const { code = "", message } = causeOf(error);
  const [reason, words]: [UnreachableReason, string] = isOfCertificates(code)
    ? ["untrusted", message]
    : code === "ECONNREFUSED"
      ? ["refused", "nothing listens there"]
      : code === "ENOTFOUND" || code === "EAI_AGAIN"
        ? ["unknown", "there is no such host"]
        : code.startsWith("HPE_")
          ? ["garbled", "what listens there does not speak HTTP/1.1"]
          : ["garbled", message];
  return new UnreachableError(server, reason, `${server} at ${origin} cannot be reached: ${words}.`);
}

/** Codes of OpenSSL about certificates: one that is not trusted, of another name, out of date, or that the server misses. */
const isOfCertificates = (code: string): boolean =>
  /CERT|^UNABLE_TO_|^ERR_TLS_|^ERR_SSL_\w*(CERT|UNKNOWN_CA)/.test(code);

/** What `fetch` says beneath "fetch failed"; of several addresses that were tried, the first. */
function causeOf(error: unknown): { code?: string; message: string } {
  const { cause } = error as { cause?: unknown };
  const inner = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause;
  return inner instanceof Error ? inner : { message: String(error) };
}

/** The beginning of what a server says, on one line. */
export const wordsOf = (text: string): string => text.trim().split("\n")[0]?.slice(0, 200) ?? "";

const healthTimeoutMilliseconds = 2000;

/**
 * Whether a health endpoint on this machine answers 200. Its certificate is not looked at, which `fetch` cannot leave
 * out: nothing secret is sent.
 */
export function answersOk(url: string): Promise<boolean> {
  const request = new URL(url).protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const outgoing = request(url, {
      rejectUnauthorized: false,
      agent: false,
      timeout: healthTimeoutMilliseconds,
    });
    outgoing.on("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", () => resolve(false));
    outgoing.on("close", () => resolve(false));
    outgoing.end();
  });
}

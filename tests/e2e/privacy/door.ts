import { once } from "node:events";
import { appendFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/**
 * The door to the stores, which answers 503 until it is opened. Then log records are kept in a file as they came, and spans and
 * metrics are handed on.
 */
export async function openDoor(file: string) {
  let stores: { readonly otlpHttp: string; readonly prometheus: string } | undefined;
  const server = await serve(async ({ url = "", headers }, body) => {
    if (stores === undefined) return 503;
    if (url === "/api/default/v1/logs") {
      appendFileSync(file, headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
      return 200;
    }
    const store = url === "/api/v1/write" ? stores.prometheus : stores.otlpHttp;
    const { "content-type": type = "", "content-encoding": encoding } = headers;
    return fetch(`${store}${url}`, {
      method: "POST",
      headers: { "content-type": type, ...(encoding && { "content-encoding": encoding }) },
      body,
    }).then(
      ({ status }) => status,
      () => 503,
    );
  });
  writeFileSync(file, "");
  return { ...server, open: (opened: NonNullable<typeof stores>) => void (stores = opened) };
}

/** Answers requests, each by a status, until it is closed. */
export async function serve(
  answer: (request: IncomingMessage, body: Buffer<ArrayBuffer>) => Promise<number>,
) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { "content-type": type = "" } = request.headers;
      void answer(request, Buffer.concat(chunks)).then((status) =>
        response.writeHead(status, { "content-type": type }).end(),
      );
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

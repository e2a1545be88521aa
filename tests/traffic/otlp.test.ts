import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { exportSpans, type Payload } from "../../clients/otlp.ts";
import { batchesByEnd, payload } from "../../traffic/otlp.ts";
import { chats } from "../../traffic/chats.ts";
import type { TracedSpan } from "../../traffic/span.ts";

const span = (name: string, start: number, end: number): TracedSpan => ({
  id: Buffer.from(name.padEnd(8)).toString("hex"),
  service: { name: "shop", resource: { "telemetry.sdk.language": "python" } },
  scope: "scope",
  name,
  kind: "client",
  start,
  end,
  status: "error",
  statusMessage: "out of stock",
  attributes: {},
  doubles: new Set(),
  events: [],
});
const t0 = 1_700_000_000_000_000_000n;

describe("OTLP export", () => {
  it("writes a span as OTLP's JSON encoding wants it", () => {
    const root: TracedSpan = {
      ...span("work", 0, 1.5),
      attributes: { text: "a", whole: 3, part: 0.5, yes: true, list: ["u"], free: 0 },
      doubles: new Set(["free"]),
      events: [{ name: "exception", at: 1.25, attributes: { "exception.type": "E" } }],
    };
    assert.deepEqual(payload("0abc", [root], t0), {
      resourceSpans: [
        {
          resource: {
            attributes: [
              { key: "service.name", value: { stringValue: "shop" } },
              { key: "telemetry.sdk.language", value: { stringValue: "python" } },
            ],
          },
          scopeSpans: [
            {
              scope: { name: "scope" },
              spans: [
                {
                  traceId: "0abc",
                  spanId: root.id,
                  name: "work",
                  kind: 3,
                  startTimeUnixNano: "1700000000000000000",
                  endTimeUnixNano: "1700000001500000000",
                  status: { code: 2, message: "out of stock" },
                  attributes: [
                    { key: "text", value: { stringValue: "a" } },
                    { key: "whole", value: { intValue: "3" } },
                    { key: "part", value: { doubleValue: 0.5 } },
                    { key: "yes", value: { boolValue: true } },
                    { key: "list", value: { arrayValue: { values: [{ stringValue: "u" }] } } },
                    { key: "free", value: { doubleValue: 0 } },
                  ],
                  events: [
                    {
                      name: "exception",
                      timeUnixNano: "1700000001250000000",
                      attributes: [{ key: "exception.type", value: { stringValue: "E" } }],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it("groups spans by application and instrumentation", () => {
    const { id, spans } = chats.apiChat({ seed: "a" });
    const { resourceSpans } = payload(id, spans, t0) as {
      resourceSpans: { scopeSpans: { scope: { name: string }; spans: object[] }[] }[];
    };
    const scopes = resourceSpans.map(({ scopeSpans }) =>
      scopeSpans.map(({ scope, spans }) => [scope.name, spans.length]),
    );
    assert.deepEqual(scopes, [
      [
        ["opentelemetry.instrumentation.fastapi", 1],
        ["litellm", 3],
      ],
    ]);
  });

  it("exports each span once, in the order in which they end", () => {
    const spans = [span("root", 0, 2), span("early", 0.5, 1), span("also", 0.75, 1), span("late", 1, 3)];
    const batches = batchesByEnd({ id: "0abc", spans }, t0);
    assert.deepEqual(
      batches.map(({ at, payload }) => [at, names(payload)]),
      [
        [1, ["early", "also"]],
        [2, ["root"]],
        [3, ["late"]],
      ],
    );
  });
});

describe("sending spans", () => {
  const { id, spans } = chats.chat({ seed: "a" });
  const body = payload(id, spans, t0);

  it("posts them to the traces path", async () => {
    let received = "";
    await served(
      (request, response) => {
        request.on("data", (chunk: Buffer) => (received += `${request.url} ${chunk.toString()}`));
        request.on("end", () => response.end("{}"));
      },
      (endpoint) => exportSpans(endpoint, body, 2),
    );
    assert.equal(received, `/v1/traces ${JSON.stringify(body)}`);
  });

  it("says who refused a connection", async () => {
    const closed = await served(
      () => undefined,
      (endpoint) => Promise.resolve(endpoint),
    );
    await assert.rejects(exportSpans(closed, body, 2), {
      name: "UserError",
      message: `OTLP at ${closed} cannot be reached: nothing listens there.`,
    });
  });

  const refusals: [string, RequestListener, RegExp][] = [
    [
      "the status and the words of a refusal",
      (_, response) => response.writeHead(429).end("rate limited"),
      /^OTLP answered 429: rate limited$/,
    ],
    [
      "how many spans were left out",
      (_, response) => response.end('{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}'),
      /it refused 2 spans: .*too old/,
    ],
    [
      "that it is no receiver",
      (_, response) => response.end("hello"),
      /^OTLP answered 405: no OTLP, but "hello"$/,
    ],
    ["who did not answer in time", () => undefined, /^OTLP at \S+ did not answer within 1 s\.$/],
  ];
  for (const [what, answer, message] of refusals) {
    it(`says ${what}`, () =>
      served(answer, (endpoint) => assert.rejects(exportSpans(endpoint, body, 0.2), { message }))).timeout(
      2000,
    );
  }
});

async function served<T>(listener: RequestListener, use: (endpoint: string) => Promise<T>): Promise<T> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const names = (payload: Payload): string[] =>
  (payload.resourceSpans as { scopeSpans: { spans: { name: string }[] }[] }[]).flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name)),
  );

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { plan, replay } from "../../traffic/replay.ts";
import type { Delivery, Plan } from "../../traffic/replay.ts";
import type { Payload } from "../../clients/otlp.ts";
import { chats, referenceTraces } from "../../traffic/chats.ts";

const startAt = 1_700_000_000_000;

interface SpanTimes {
  readonly spanId: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

describe("plan of a replay", () => {
  it("sends each span when it ends, as long as time is not compressed", () => {
    const { deliveries, sent } = plan([{ trace: chats.chat({ seed: "a" }), at: 3 }], { startAt });
    assert.equal(sent[0]!.startedAt, 1_700_000_003_000_000_000n);
    for (const delivery of deliveries) {
      assert.ok(Math.max(...latenessSeconds(delivery)) < 0.001);
    }
  });

  it("sends a trace at once when all its spans end within the slack", () => {
    const { deliveries } = plan([{ trace: chats.chat({ seed: "a", duration: 20 }), at: 0 }], {
      startAt,
      compress: 1e6,
    });
    assert.ok(waitingSeconds({ deliveries }) < 0.01);
  });

  it("waits for what a longer trace has beyond the slack", () => {
    const pace = { startAt, compress: 1e6, slackSeconds: 25 };
    const { deliveries } = plan([{ trace: chats.chat({ seed: "a", duration: 100 }), at: 0 }], pace);
    assert.ok(Math.abs(waitingSeconds({ deliveries }) - 75) < 0.1);
  });

  it("divides the time between traces", () => {
    const visits = [0, 60].map((at) => ({ trace: chats.chat({ seed: `${at}`, duration: 2 }), at }));
    const { sent } = plan(visits, { startAt, compress: 20 });
    assert.ok(Math.abs(Number(sent[1]!.startedAt - sent[0]!.startedAt) / 1e9 - 3) < 0.002);
  });

  it("never lets a span end in the future, nor longer ago than the slack, whatever the pace", () => {
    const traffic = fc.array(
      fc.record({
        duration: fc.double({ min: 2, max: 200, noNaN: true }),
        at: fc.double({ min: 0, max: 300, noNaN: true }),
      }),
      { minLength: 1, maxLength: 5 },
    );
    const pace = fc.record({
      compress: fc.double({ min: 1, max: 1000, noNaN: true }),
      slackSeconds: fc.double({ min: 0, max: 28, noNaN: true }),
    });
    fc.assert(
      fc.property(traffic, pace, (visits, { compress, slackSeconds }) => {
        const built = visits.map(({ duration, at }, index) => ({
          trace: chats.chat({ seed: `${index}`, duration }),
          at,
        }));
        const { deliveries } = plan(built, { startAt, compress, slackSeconds });
        for (const lateness of deliveries.flatMap(latenessSeconds)) {
          assert.ok(lateness >= 0 && lateness <= slackSeconds + 0.002, `${lateness} s late`);
        }
        assert.deepEqual(
          deliveries,
          deliveries.toSorted((a, b) => a.at - b.at),
        );
      }),
    );
  });

  it("leaves every duration as it is", () => {
    const trace = chats.chat({ seed: "a", duration: 40 });
    const times = plan([{ trace, at: 0 }], { startAt, compress: 50 }).deliveries.flatMap(spansOf);
    for (const span of trace.spans) {
      const { startTimeUnixNano, endTimeUnixNano } = times.find(({ spanId }) => spanId === span.id)!;
      const nanoseconds = Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano));
      assert.ok(Math.abs(nanoseconds - (span.end - span.start) * 1e9) < 2);
    }
  });
});

describe("replay", () => {
  it("delivers every span once, none before it has ended, and says when each trace began", async () => {
    const visits = Object.entries(referenceTraces)
      .filter(([name]) => name !== "slowChat")
      .map(([seed, build], index) => ({ trace: build({ seed }), at: index }));
    const received: (SpanTimes & { at: number })[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const payload = JSON.parse(Buffer.concat(chunks).toString()) as Payload;
        received.push(...spansOf({ payload }).map((span) => ({ ...span, at: Date.now() })));
        response.end("{}");
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const progress: number[] = [];
    const sent = await replay(visits, {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      compress: 100,
      onProgress: (delivered, total) => progress.push(delivered / total),
    });
    server.closeAllConnections();
    server.close();

    const ids = visits.flatMap(({ trace }) => trace.spans.map(({ id }) => id));
    assert.deepEqual(received.map(({ spanId }) => spanId).sort(), ids.sort());
    assert.deepEqual(
      received.filter(({ at, endTimeUnixNano }) => Number(endTimeUnixNano) / 1e6 > at),
      [],
    );
    for (const { trace, startedAt } of sent) {
      const root = received.find(({ spanId }) => spanId === trace.spans[0]!.id)!;
      assert.equal(BigInt(root.startTimeUnixNano), startedAt);
    }
    assert.equal(progress.at(-1), 1);
  });
});

const spansOf = ({ payload }: { payload: Payload }): SpanTimes[] =>
  (payload.resourceSpans as { scopeSpans: { spans: SpanTimes[] }[] }[]).flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans),
  );

const latenessSeconds = (delivery: Delivery): number[] =>
  spansOf(delivery).map(
    ({ endTimeUnixNano }) => Number(BigInt(delivery.at) * 1_000_000n - BigInt(endTimeUnixNano)) / 1e9,
  );

const waitingSeconds = ({ deliveries }: Pick<Plan, "deliveries">): number =>
  (deliveries.at(-1)!.at - deliveries[0]!.at) / 1000;

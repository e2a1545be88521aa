import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { probe } from "../../cli/smoke/probe.ts";
import { request, urlBelow } from "../../clients/http.ts";
import { waitFor } from "../../clients/wait.ts";
import type { Backends } from "../../sandbox/trace-backends.ts";
import { storedBytes } from "../../telemetry/stored.ts";
import { expectedSeries, recordedRequestKinds } from "../../telemetry/series.ts";
import { recordedChat } from "../../telemetry/traffic.ts";
import { chats, chatWithDatabase } from "../../traffic/chats.ts";
import type { Model } from "../../traffic/retell.ts";
import type { Trace } from "../../traffic/span.ts";
import { everything } from "../traffic/everything.ts";
import { counted } from "./values/counting.ts";
import { generator } from "./values/product.ts";

/** How far an estimate may be from what Tempo says. */
const tolerance = 0.2;

/** What the names of the models begin with that this is sent of. */
export const usageModels = "usage-";

const models = Array.from({ length: 10 }, (_, index): Model => {
  const name = `${usageModels}${index}`;
  return index === 0
    ? { name, provider: "openai", deployment: name }
    : { name, provider: "ollama_chat", deployment: `${name}:8b` };
});

/** So many chats that what a block takes beside them is little. */
const chatCount = 600;

/** What a Tempo made of recorded traffic, by its own metrics and on its disk. */
export interface Usage {
  readonly series: number;
  /** Of the chats by which Tempo is sized. */
  readonly chats: { readonly spans: number; readonly receivedBytes: number };
  readonly receivedBytes: number;
  readonly blocks: number;
  readonly blockBytes: number;
}

/** Sends everything that was recorded, of several models, and many chats, to a Tempo that got nothing yet. */
export async function measureUsage(
  { tempo, prometheus }: Backends,
  folder: string,
  send: (traces: readonly Trace[]) => Promise<void>,
): Promise<Usage> {
  const all = [
    ...models.flatMap((model) => everything(model.name, model)),
    chatWithDatabase({ seed: "usage", model: models[0]! }),
    probe({ environment: "dev" }).trace,
  ];
  await send(all);
  const before = await received(tempo);
  const many = Array.from({ length: chatCount }, (_, index) =>
    chats.chatWithTitle({
      seed: `usage ${index}`,
      model: models[index % models.length]!,
      user: `user-${index % 40}`,
      chat: `chat-${index}`,
      // Of a longer one the first spans would be too old to be counted.
      duration: 3 + index / 100,
    }),
  );
  for (let first = 0; first < chatCount; first += 100) await send(many.slice(first, first + 100));
  const after = await received(tempo);
  await counted(prometheus, [...all, ...many], 180);
  const stored = await waitFor("all traces in blocks", 180, () =>
    Promise.resolve(blocksOf(folder, all.length + many.length)),
  );
  return {
    series: await metric(tempo, "tempo_metrics_generator_registry_active_series"),
    chats: { spans: after.spans - before.spans, receivedBytes: after.bytes - before.bytes },
    receivedBytes: after.bytes,
    ...stored,
  };
}

/** That what was expected of the traffic is what Tempo tells of it. */
export function describeUsage(usage: () => Usage): void {
  it("are as many series as were expected of the models and kinds of requests", () => {
    const expected = expectedSeries(generator, { models: models.length, requestKinds: recordedRequestKinds });
    isClose("series", expected, usage().series);
  });

  it("are as many bytes a span as a chat is taken to have", () => {
    const { spans, receivedBytes } = usage().chats;
    assert.equal(spans, chatCount * recordedChat.spans);
    isClose("bytes received", spans * recordedChat.bytesPerSpan, receivedBytes);
  });

  it("are as many bytes in blocks as were expected of what was received", () => {
    const { receivedBytes, blocks, blockBytes } = usage();
    isClose(`bytes in ${blocks} blocks`, storedBytes(receivedBytes, blocks), blockBytes);
  });
}

function isClose(what: string, expected: number, found: number): void {
  const text = `${Math.round(expected)} ${what} expected, ${found} found`;
  console.log(`          ${text}`);
  assert.ok(Math.abs(expected / found - 1) <= tolerance, text);
}

const received = async (tempo: string) => ({
  spans: await metric(tempo, "tempo_distributor_spans_received_total"),
  bytes: await metric(tempo, "tempo_distributor_bytes_received_total"),
});

/** The value of the one series that Tempo tells of itself under a name. */
async function metric(tempo: string, name: string): Promise<number> {
  const { text } = await request("Tempo", urlBelow(tempo, "/metrics"));
  const [, value] = new RegExp(`^${name}\\{.*\\} (\\S+)$`, "m").exec(text) ?? [];
  assert.ok(value !== undefined, `Tempo tells no ${name}`);
  return Number(value);
}

/** The blocks that are not yet compacted into others, once they have so many traces; a block's files are there before its meta.json. */
function blocksOf(folder: string, traces: number): Pick<Usage, "blocks" | "blockBytes"> | undefined {
  const tenant = path.join(folder, "tempo/blocks/single-tenant");
  const metas = readdirSync(tenant, { recursive: true, encoding: "utf8" }).filter(
    (file) => path.basename(file) === "meta.json",
  );
  const found = metas.map((file) => {
    const meta = JSON.parse(readFileSync(path.join(tenant, file), "utf8")) as { totalObjects: number };
    const block = path.join(tenant, path.dirname(file));
    const bytes = readdirSync(block).map((name) => statSync(path.join(block, name)).size);
    return { traces: meta.totalObjects, bytes: sum(bytes) };
  });
  if (sum(found.map(({ traces }) => traces)) < traces) return undefined;
  return { blocks: found.length, blockBytes: sum(found.map(({ bytes }) => bytes)) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

import { randomBytes } from "node:crypto";
import { ask } from "../../../clients/ask.ts";
import { exportSpans } from "../../../clients/otlp.ts";
import { waitFor } from "../../../clients/wait.ts";
import type { Backends } from "../../../sandbox/trace-backends.ts";
import { payload } from "../../../traffic/otlp.ts";
import type { TracedSpan } from "../../../traffic/span.ts";
import { instant } from "./measure.ts";
import { signals } from "./product.ts";

/** Tempo's `/metrics` while nothing is sent and nothing is asked, and when Prometheus scraped them. */
export interface Scrape {
  /** Seconds since 1970. */
  readonly at: number;
  readonly samples: readonly OwnSample[];
}

interface OwnSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Waits for the next scrape, and reads the same by itself. */
export async function nextScrape({ prometheus, tempo }: Backends): Promise<Scrape> {
  const begun = Date.now() / 1000;
  const at = await waitFor("Tempo to be scraped", 90, async () => {
    const [target] = await instant(prometheus, 'timestamp(up{pod="tempo-0"})');
    return target && target.value > begun && target.value;
  });
  const text = await (await fetch(`${tempo}/metrics`)).text();
  return { at, samples: [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(sampleOf) };
}

const sampleOf = ([, name, labels = "", value]: RegExpMatchArray): OwnSample => ({
  name: name!,
  labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, it]) => [key!, it!])),
  value: Number(value),
});

/** Spans that no panel of the applications shows: none is a request or has a model. */
export interface Strays {
  /** Calls whose other half never comes. */
  readonly lone: number;
  /** Spans that come ten minutes late. */
  readonly late: number;
}

/** Sends them, and asks Tempo a few questions. */
export async function disturb(backends: Backends, { lone, late }: Strays): Promise<void> {
  const sendStrays = (kind: TracedSpan["kind"], count: number, ago: number) => {
    const spans = Array.from({ length: count }, (): TracedSpan => strayOf(kind));
    const start = BigInt(Date.now() - ago * 1000) * 1_000_000n;
    return exportSpans(backends.otlpHttp, payload(randomBytes(16).toString("hex"), spans, start), 30);
  };
  await sendStrays("client", lone, 1);
  await sendStrays("internal", late, 600);
  const to = Date.now() / 1000;
  const variables = { environment: "dev", traceId: randomBytes(16).toString("hex") };
  for (let count = 0; count < 5; count++) {
    for (const { queries } of [signals.recentTraces, signals.trace]) {
      await ask(queries[0], backends, { from: to - 60, to, variables });
    }
  }
}

const strayOf = (kind: TracedSpan["kind"]): TracedSpan => ({
  id: randomBytes(8).toString("hex"),
  parentId: randomBytes(8).toString("hex"),
  name: "stray",
  kind,
  service: { name: "open-webui", resource: {} },
  scope: "stray",
  start: 0,
  end: 0.1,
  status: "unset",
  statusMessage: "",
  attributes: {},
  doubles: new Set(),
  events: [],
});

import type { Platform } from "./platform.ts";

/** An application that is asked from outside. */
export type Door = "openWebui" | "litellm" | "litellmV1";

/** A request that was made from outside, and what became of it. */
export interface Visit {
  readonly case: string;
  readonly door: Door;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Whether the answer ended before its end. */
  readonly brokeOff: boolean;
  /** Seconds to the end of the answer. */
  readonly seconds: number;
}

/** What is asked beside the path. */
export interface Ask {
  readonly method?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Leave after the first piece of the answer. */
  readonly leave?: boolean;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Makes the requests of one case, and keeps a log of them. */
export interface Client {
  ask(door: Door, path: string, ask: Ask): Promise<Reply>;
}

const timeoutSeconds = 60;

/** By this the spans of a case are known: the applications write it into their SERVER spans. */
export const userAgentOf = (caseName: string): string => `llm-tracing-test/${caseName}`;

/** A client for a case, whose requests are added to `visits`. */
export const clientFor = (platform: Platform, caseName: string, visits: Visit[]): Client => ({
  async ask(door, path, { method = "POST", body, headers, leave }) {
    const began = Date.now();
    const abort = new AbortController();
    const response = await fetch(platform[door] + path, {
      method,
      headers: {
        "user-agent": userAgentOf(caseName),
        ...(body && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([abort.signal, AbortSignal.timeout(timeoutSeconds * 1000)]),
    });
    const chunks: Uint8Array[] = [];
    let brokeOff = false;
    try {
      for await (const chunk of response.body ?? []) {
        chunks.push(chunk as Uint8Array);
        if (leave) break;
      }
    } catch {
      brokeOff = true;
    }
    if (leave) abort.abort();
    const { status } = response;
    const seconds = (Date.now() - began) / 1000;
    visits.push({ case: caseName, door, method, path, status, brokeOff, seconds });
    return { status, text: Buffer.concat(chunks).toString() };
  },
});

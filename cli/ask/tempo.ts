import type { FoundTrace, Question, Series } from "../ask.ts";
import { AnsweredError, getJson, urlBelow } from "../http.ts";
import { stepSeconds } from "./step.ts";

/** Asks TraceQL metrics over a time range. */
export async function metricsRange(
  server: string,
  q: string,
  question: Question,
  step = stepSeconds(question),
): Promise<Series[]> {
  const url = urlBelow(server, "/api/metrics/query_range", {
    q,
    start: String(Math.floor(question.from)),
    end: String(Math.ceil(question.to)),
    step: `${step}s`,
  });
  const { series } = await getJson<{
    series?: {
      labels?: { key: string; value: Record<string, unknown> }[];
      samples?: { timestampMs: string; value?: number | "NaN" }[];
    }[];
  }>("Tempo", url, question);
  return (series ?? []).map(({ labels, samples }) => ({
    labels: Object.fromEntries(
      (labels ?? []).map(({ key, value }) => [key, String(Object.values(value)[0])]),
    ),
    // A value of 0 is left out.
    points: (samples ?? []).map(({ timestampMs, value }): [number, number] => [
      Number(timestampMs) / 1000,
      Number(value ?? 0),
    ]),
  }));
}

/** Asks for traces. */
export async function search(
  server: string,
  q: string,
  question: Question,
  limit: number,
): Promise<FoundTrace[]> {
  const url = urlBelow(server, "/api/search", {
    q,
    start: String(Math.floor(question.from)),
    end: String(Math.ceil(question.to)),
    limit: String(limit),
    spss: "10",
  });
  const { traces } = await getJson<{ traces?: FoundTrace[] }>("Tempo", url, question);
  return traces ?? [];
}

/** How many spans Tempo has of a trace; 0 when it has none. */
export async function spansOfTrace(
  server: string,
  traceId: string,
  { timeoutSeconds }: Question,
): Promise<number> {
  if (!/^[0-9a-f]{1,32}$/i.test(traceId)) return 0;
  const url = urlBelow(server, `/api/v2/traces/${traceId}`);
  const options = { headers: { accept: "application/json" }, timeoutSeconds };
  const { trace } = await getJson<TraceJson>("Tempo", url, options).catch((error: unknown): TraceJson => {
    if (error instanceof AnsweredError && error.status === 404) return {};
    throw error;
  });
  return (trace?.resourceSpans ?? [])
    .flatMap(({ scopeSpans }) => scopeSpans ?? [])
    .reduce((sum, { spans }) => sum + (spans?.length ?? 0), 0);
}

interface TraceJson {
  readonly trace?: {
    readonly resourceSpans?: readonly {
      readonly scopeSpans?: readonly { readonly spans?: readonly unknown[] }[];
    }[];
  };
}

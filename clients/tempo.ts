import { AnsweredError, getJson, urlBelow } from "./http.ts";
import { stepSeconds, type Question, type Series } from "./question.ts";

/** A trace that a search found. */
export interface FoundTrace {
  /** Without leading zeros, as Tempo's search gives it. */
  readonly traceID: string;
  readonly rootServiceName?: string;
  readonly rootTraceName?: string;
  readonly durationMs?: number;
  readonly startTimeUnixNano: string;
  readonly spanSets?: readonly { readonly spans: readonly FoundSpan[] }[];
}

/** A span that a search matched, with the attributes that the query selected. */
export interface FoundSpan {
  readonly spanID: string;
  readonly name?: string;
  readonly startTimeUnixNano?: string;
  readonly durationNanos?: string;
  readonly attributes?: readonly LabelJson[];
}

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
      labels?: LabelJson[];
      samples?: { timestampMs: string; value?: number | "NaN" }[];
    }[];
  }>("Tempo", url, question);
  return (series ?? []).map(({ labels, samples }) => ({
    labels: labelsOf(labels),
    // A value of 0 is left out.
    points: (samples ?? []).map(({ timestampMs, value }): [number, number] => [
      Number(timestampMs) / 1000,
      Number(value ?? 0),
    ]),
  }));
}

interface LabelJson {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const labelsOf = (labels: readonly LabelJson[] = []): Record<string, string> =>
  Object.fromEntries(labels.map(({ key, value }) => [key, String(Object.values(value)[0])]));

/** Asks TraceQL metrics for one value of each line over the whole time range. */
export async function metricsOnce(server: string, q: string, question: Question): Promise<Series[]> {
  const url = urlBelow(server, "/api/metrics/query", {
    q,
    start: String(Math.floor(question.from)),
    end: String(Math.ceil(question.to)),
  });
  const { series } = await getJson<{
    series?: { labels?: LabelJson[]; value?: number | "NaN" }[];
  }>("Tempo", url, question);
  return (series ?? []).map(({ labels, value }) => ({
    labels: labelsOf(labels),
    points: [[question.to, Number(value ?? 0)]],
  }));
}

/** Asks for traces. */
export async function search(
  server: string,
  q: string,
  question: Question,
  { limit, spansPerTrace }: { readonly limit: number; readonly spansPerTrace: number },
): Promise<FoundTrace[]> {
  const url = urlBelow(server, "/api/search", {
    q,
    start: String(Math.floor(question.from)),
    end: String(Math.ceil(question.to)),
    limit: String(limit),
    spss: String(spansPerTrace),
  });
  const { traces } = await getJson<{ traces?: FoundTrace[] }>("Tempo", url, question);
  return traces ?? [];
}

/** How many spans Tempo has of a trace; 0 when it has none. */
export const spansOfTrace = async (
  server: string,
  traceId: string,
  question: Pick<Question, "timeoutSeconds">,
): Promise<number> =>
  (await traceById(server, traceId, question))
    .flatMap(({ scopeSpans }) => scopeSpans ?? [])
    .reduce((sum, { spans }) => sum + (spans?.length ?? 0), 0);

/** A trace as OTLP's JSON has it, with what Protobuf's JSON leaves out left out; nothing when Tempo has none. */
export async function traceById(
  server: string,
  traceId: string,
  { timeoutSeconds }: Pick<Question, "timeoutSeconds">,
): Promise<readonly ResourceSpansJson[]> {
  if (!/^[0-9a-f]{1,32}$/i.test(traceId)) return [];
  const url = urlBelow(server, `/api/v2/traces/${traceId}`);
  const options = { headers: { accept: "application/json" }, timeoutSeconds };
  const { trace } = await getJson<TraceJson>("Tempo", url, options).catch((error: unknown): TraceJson => {
    if (error instanceof AnsweredError && error.status === 404) return {};
    throw error;
  });
  return trace?.resourceSpans ?? [];
}

interface TraceJson {
  readonly trace?: { readonly resourceSpans?: readonly ResourceSpansJson[] };
}

/** Spans of an application. */
export interface ResourceSpansJson {
  readonly resource?: { readonly attributes?: readonly AttributeJson[] };
  readonly scopeSpans?: readonly {
    readonly scope?: { readonly name?: string; readonly version?: string };
    readonly spans?: readonly SpanJson[];
  }[];
}

/** A span. Its ids are in base64. */
export interface SpanJson {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly AttributeJson[];
  readonly events?: readonly {
    readonly name: string;
    readonly timeUnixNano: string;
    readonly attributes?: readonly AttributeJson[];
  }[];
  readonly status?: { readonly code?: string; readonly message?: string };
}

/** An attribute. */
export interface AttributeJson {
  readonly key: string;
  readonly value: ValueJson;
}

/** A value, under the name of its type. */
export interface ValueJson {
  readonly stringValue?: string;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values?: readonly ValueJson[] };
}

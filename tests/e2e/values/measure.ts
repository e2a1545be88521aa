import { getJson } from "../../../clients/http.ts";
import { metrics, seriesNames } from "../../../telemetry/metrics.ts";
import { generator } from "./product.ts";

/** A sample of an instant query. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Asks Prometheus for values at one moment, by default now. */
export async function instant(prometheus: string, query: string, seconds?: number): Promise<Sample[]> {
  const url = new URL("/api/v1/query", prometheus);
  url.search = new URLSearchParams({ query, ...(seconds && { time: String(seconds) }) }).toString();
  const { data } = await getJson<{
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  }>("Prometheus", url);
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** The one value of a query, 0 when it has none. */
export const number = async (prometheus: string, query: string, seconds?: number): Promise<number> =>
  (await instant(prometheus, query, seconds))[0]?.value ?? 0;

/** How many series a Tempo has made of traces, under whatever name. */
export const seriesCount = (prometheus: string): Promise<number> =>
  number(prometheus, 'count({__name__=~"traces_(spanmetrics|service_graph)_.+"})');

/**
 * When the newest samples were taken that all series of Tempo's have. It takes those of one collection at one moment;
 * they arrive in several writes.
 */
export async function lastCollection(prometheus: string): Promise<number> {
  const forms = ["classic", "native"] as const;
  const names = forms.flatMap((histograms) => metrics({ ...generator, histograms }).flatMap(seriesNames));
  const oldest = names.map((name) => number(prometheus, `min(timestamp(${name}))`));
  return Math.min(...(await Promise.all(oldest)).filter((seconds) => seconds > 0));
}

/** Trace ids of the exemplars that Prometheus has for a query, with the label that Tempo gives them. */
export async function exemplarTraceIds(
  prometheus: string,
  query: string,
  [from, to]: readonly [number, number],
): Promise<string[]> {
  const url = new URL("/api/v1/query_exemplars", prometheus);
  url.search = new URLSearchParams({ query, start: String(from), end: String(to) }).toString();
  const { data } = await getJson<{ data: { exemplars: { labels: Record<string, string> }[] }[] }>(
    "Prometheus",
    url,
  );
  return data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels["traceID"]!));
}

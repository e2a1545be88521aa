import { everything, type Query, type TraceqlMetricsQuery } from "../telemetry/signals.ts";
import { queryRange, serviceMap, type MapEdge } from "./prometheus.ts";
import type { Question, Series, Servers } from "./question.ts";
import { metricsOnce, metricsRange, search, spansOfTrace, type FoundTrace } from "./tempo.ts";

/** What came back. */
export type Answer =
  | { readonly kind: "series"; readonly series: readonly Series[] }
  | { readonly kind: "traces"; readonly traces: readonly FoundTrace[] }
  | { readonly kind: "spans"; readonly count: number }
  | { readonly kind: "map"; readonly edges: readonly MapEdge[] }
  | { readonly kind: "not-asked"; readonly why: string };

/**
 * Asks one query as Grafana would.
 *
 * @throws UserError when the server refuses it or cannot be reached.
 */
export async function ask(query: Query, servers: Servers, question: Question): Promise<Answer> {
  switch (query.language) {
    case "promql":
      return {
        kind: "series",
        series: await queryRange(servers.prometheus, filled(query.text, question), question),
      };
    case "traceql-metrics":
      return { kind: "series", series: await traceMetricsOf(query, servers, question) };
    case "share": {
      const [part, whole] = await Promise.all(
        [query.part, query.whole].map((each) => traceMetricsOf(each, servers, question)),
      );
      return { kind: "series", series: sharesOf(part!, whole!) };
    }
    case "traceql":
      return {
        kind: "traces",
        traces: await search(servers.tempo, filled(query.text, question), question, query),
      };
    case "trace":
      return {
        kind: "spans",
        count: await spansOfTrace(servers.tempo, filled(query.text, question), question),
      };
    case "sql":
      return { kind: "not-asked", why: "there is no OpenObserve here" };
    case "service-map":
      return {
        kind: "map",
        edges: await serviceMap(servers.prometheus, filled(query.text, question), question),
      };
  }
}

const traceMetricsOf = (
  { text, stepSeconds, instant }: TraceqlMetricsQuery,
  { tempo }: Servers,
  question: Question,
): Promise<Series[]> =>
  instant
    ? metricsOnce(tempo, filled(text, question), question)
    : metricsRange(tempo, filled(text, question), question, stepSeconds);

/** In percent, of the lines and points that both have, as Grafana's arithmetic joins them. */
function sharesOf(part: readonly Series[], whole: readonly Series[]): Series[] {
  return part.flatMap(({ labels, points }) => {
    const sameLine = whole.find((each) => JSON.stringify(each.labels) === JSON.stringify(labels));
    const all = new Map(sameLine?.points ?? []);
    const shares = points.flatMap(([at, value]): [number, number][] =>
      all.get(at) ? [[at, (100 * value) / all.get(at)!]] : [],
    );
    return shares.length > 0 ? [{ labels, points: shares }] : [];
  });
}

/** The query with the dashboard's variables filled in, and the length of the time range. */
export const filled = (text: string, { from, to, variables }: Omit<Question, "timeoutSeconds">): string =>
  text.replace(
    /\$(\w+)/g,
    (all, name: string) => ({ __range: `${Math.ceil(to - from)}s`, ...variables })[name] ?? all,
  );

/** What the dashboard's variables stand at when nobody has chosen anything. */
export const unchosen = { interval: "5m", model: everything, user: everything } as const;

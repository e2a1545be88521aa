import { labels as known, names } from "../telemetry/metrics.ts";
import { getJson, urlBelow } from "./http.ts";
import { stepSeconds, type Question, type Series } from "./question.ts";

/** Calls from one node of the service map to another, counted over the time range; Grafana shows them per second. */
export interface MapEdge {
  readonly client: string;
  readonly server: string;
  readonly calls: number;
  readonly failed: number;
}

/** A value of a series. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface VectorJson {
  readonly data: {
    readonly result: readonly { readonly metric: Sample["labels"]; readonly value: [number, string] }[];
  };
}

interface MatrixJson {
  readonly data: {
    readonly result: readonly {
      readonly metric: Series["labels"];
      readonly values?: readonly [number, string][];
      readonly histograms?: readonly [number, HistogramJson][];
    }[];
  };
}

/** A native histogram; each bucket has its sides (which belong to it, as a number), and how many are within. */
interface HistogramJson {
  readonly buckets?: readonly [sides: number, from: string, to: string, count: string][];
}

const seriesOf = ({ data }: MatrixJson): Series[] =>
  data.result.flatMap(({ metric, values = [], histograms = [] }) => [
    ...(values.length > 0
      ? [{ labels: metric, points: values.map(([time, value]): [number, number] => [time, Number(value)]) }]
      : []),
    ...bucketsOf(metric, histograms),
  ]);

/** A series for each bucket of a native histogram, named by the bound that ends it: what is in it alone. */
function bucketsOf(labels: Series["labels"], histograms: readonly [number, HistogramJson][]): Series[] {
  const found = new Map<string, [number, number][]>();
  for (const [time, { buckets = [] }] of histograms) {
    for (const [, , to, count] of buckets) found.set(to, [...(found.get(to) ?? []), [time, Number(count)]]);
  }
  return [...found].map(([to, points]) => ({ labels: { ...labels, [known.bound]: to }, points }));
}

/** Asks PromQL over a time range. */
export async function queryRange(
  server: string,
  query: string,
  { from, to, timeoutSeconds }: Question,
  step = stepSeconds({ from, to }),
): Promise<Series[]> {
  const url = urlBelow(server, "/api/v1/query_range", {
    query,
    start: String(from),
    end: String(to),
    step: String(step),
  });
  return seriesOf(await getJson<MatrixJson>("Prometheus", url, { timeoutSeconds }));
}

/**
 * Asks for the calls between services.
 *
 * @param matchers within braces, that every edge meets
 */
export async function serviceMap(server: string, matchers: string, question: Question): Promise<MapEdge[]> {
  const [calls, failed] = await Promise.all(
    [names.edges, names.failedEdges].map((counter) =>
      exactIncrease(server, `${counter}${matchers}`, [known.client, known.server], question),
    ),
  );
  return [...calls!].map(([edge, count]) => {
    const [client, called] = JSON.parse(edge) as [string, string];
    return { client, server: called, calls: count, failed: failed!.get(edge) ?? 0 };
  });
}

/**
 * How much counters rose over the time range, to the unit: `increase` extrapolates.
 *
 * @returns the rise for each list of values of the labels, as JSON
 */
export async function exactIncrease(
  server: string,
  counter: string,
  labels: readonly string[],
  question: Question,
): Promise<Map<string, number>> {
  // Each of several Tempos begins anew by itself.
  const query = `sum by (${[...labels, known.instance].join(", ")}) (${counter})`;
  const result = new Map<string, number>();
  for (const found of await queryRange(server, query, question)) {
    const key = JSON.stringify(labels.map((label) => found.labels[label] ?? ""));
    result.set(key, (result.get(key) ?? 0) + riseOf(found.points, question.from));
  }
  return result;
}

/** A counter that is not there yet stands at 0; one that falls began anew. */
function riseOf(points: Series["points"], from: number): number {
  let before = points[0] && points[0][0] - from < 1 ? points[0][1] : 0;
  let rise = 0;
  for (const [, value] of points) {
    rise += value < before ? value : value - before;
    before = value;
  }
  return rise;
}

/** The samples of series as they were written, of the last so many seconds. */
export async function samplesOf(
  server: string,
  selector: string,
  seconds: number,
  timeoutSeconds: number,
): Promise<Series[]> {
  const url = urlBelow(server, "/api/v1/query", { query: `${selector}[${Math.ceil(seconds)}s]` });
  return seriesOf(await getJson<MatrixJson>("Prometheus", url, { timeoutSeconds }));
}

/** A group of rules, as a Prometheus evaluates it. */
export interface EvaluatedGroup {
  readonly name: string;
  /** Seconds that its last evaluation took. */
  readonly evaluationTime: number;
  /** When that was; the year 1 before the first. */
  readonly lastEvaluation: string;
  readonly rules: readonly {
    readonly type: "alerting" | "recording";
    readonly name: string;
    /** `ok`, unless its last evaluation failed. */
    readonly health: string;
    /** Of an alerting rule, those that it raises now. */
    readonly alerts?: readonly RaisedAlert[];
  }[];
}

/** An alert that is raised: `firing` when its condition has held for long enough, `pending` until then. */
export interface RaisedAlert {
  readonly state: "pending" | "firing";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The groups of rules that a Prometheus evaluates. */
export async function evaluatedGroups(
  server: string,
  timeoutSeconds: number,
): Promise<readonly EvaluatedGroup[]> {
  const { data } = await getJson<{ data: { groups: readonly EvaluatedGroup[] } }>(
    "Prometheus",
    urlBelow(server, "/api/v1/rules"),
    { timeoutSeconds },
  );
  return data.groups;
}

/** How many rules of each kind a Prometheus evaluates. */
export async function loadedRules(
  server: string,
  timeoutSeconds: number,
): Promise<{ alerting: number; recording: number }> {
  const rules = (await evaluatedGroups(server, timeoutSeconds)).flatMap((group) => group.rules);
  const count = (kind: string) => rules.filter(({ type }) => type === kind).length;
  return { alerting: count("alerting"), recording: count("recording") };
}

/** Asks PromQL for now, by Prometheus's own clock. */
export async function queryNow(server: string, query: string, timeoutSeconds: number): Promise<Sample[]> {
  const url = urlBelow(server, "/api/v1/query", { query });
  const { data } = await getJson<VectorJson>("Prometheus", url, { timeoutSeconds });
  return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
}

import type { Query } from "../../telemetry/signals.ts";
import { ask, type Answer } from "../../clients/ask.ts";
import type { Question, Series, Servers } from "../../clients/question.ts";
import type { MapEdge } from "../../clients/prometheus.ts";
import { alignRows } from "../../terminal/table.ts";
import type { Panel } from "./panels.ts";
import { spanTable } from "./tables.ts";
import { cut, legendOf, sparkline, withUnit } from "./text.ts";

/** What a panel shows, as lines, and what it should show and does not. */
export interface Shown {
  readonly lines: readonly string[];
  readonly missing: readonly string[];
}

/**
 * A panel's answers as text.
 *
 * @throws UserError when a server refuses a query or cannot be reached.
 */
export async function show(panel: Panel, servers: Servers, question: Question): Promise<Shown> {
  const answers = await Promise.all(panel.queries.map((query) => ask(query, servers, question)));
  const series = answers.flatMap((answer, index) =>
    answer.kind === "series" ? seriesRows(answer.series, panel.queries[index]!, panel.unit, question) : [],
  );
  return {
    lines: [...alignRows(series), ...answers.flatMap((answer) => linesOf(answer, panel.columns))],
    missing: answers.flatMap((answer, index) => (isEmpty(answer) ? nothingOf(panel.queries[index]!) : [])),
  };
}

const mostSeries = 10;
const legendWidth = 36;
const lineWidth = 24;

function seriesRows(all: readonly Series[], query: Query, unit: string, question: Question): string[][] {
  const rows = all
    .map(({ labels, points }) => ({ labels, points: points.filter(([, value]) => Number.isFinite(value)) }))
    .filter(({ points }) => points.length > 0)
    .map(({ labels, points }) => {
      const last = withUnit(points.at(-1)![1], unit);
      const highest = withUnit(Math.max(...points.map(([, value]) => value)), unit);
      return [
        cut(seriesName(labels, query), legendWidth),
        sparkline(points, { ...question, width: lineWidth }),
        last,
        highest === last ? "" : `highest ${highest}`,
      ];
    })
    .sort(([a], [b]) => a!.localeCompare(b!, "en", { numeric: true }));
  const rest = rows.length - mostSeries;
  return rest > 0 ? [...rows.slice(0, mostSeries), [`and ${rest} more`, "", "", ""]] : rows;
}

/** What Grafana calls a series: by the template, or, of TraceQL metrics, by the values of its labels. */
function seriesName(labels: Series["labels"], query: Query): string {
  if (query.language === "promql") return legendOf(query.legend, labels) || "value";
  const values = Object.entries(labels).filter(([key]) => !key.startsWith("__"));
  return (
    values.map(([, value]) => (value === "" || value === "nil" ? "(none)" : value)).join(", ") || "value"
  );
}

function linesOf(answer: Answer, columns: Panel["columns"]): string[] {
  switch (answer.kind) {
    case "map":
      return alignRows(used(answer.edges).map(edgeRow));
    case "traces":
      return spanTable(answer.traces, columns);
    case "spans":
      return answer.count === 0 ? [] : [`  ${answer.count} spans`];
    case "not-asked":
      return [`  not asked: ${answer.why}`];
    case "series":
      return [];
  }
}

/** Those with calls in the time range, the busiest first. */
const used = (edges: readonly MapEdge[]): MapEdge[] =>
  edges.filter(({ calls }) => calls > 0).sort((a, b) => b.calls - a.calls);

const edgeRow = ({ client, server, calls, failed }: MapEdge): string[] => [
  client,
  `→ ${server}`,
  `${String(calls).padStart(5)} ${calls === 1 ? "call" : "calls"}`,
  failed > 0 ? `${failed} failed` : "",
];

function isEmpty(answer: Answer): boolean {
  switch (answer.kind) {
    case "series":
      return !answer.series.some(({ points }) => points.some(([, value]) => Number.isFinite(value)));
    case "map":
      return used(answer.edges).length === 0;
    case "traces":
      return answer.traces.length === 0;
    case "spans":
      return answer.count === 0;
    case "not-asked":
      return false;
  }
}

function nothingOf(query: Query): string {
  switch (query.language) {
    case "promql":
      return query.legend === "" || query.legend.includes("{{") ? "no series" : `no series "${query.legend}"`;
    case "traceql-metrics":
    case "share":
      return "no series";
    case "traceql":
      return "no spans";
    case "trace":
      return "no trace";
    case "service-map":
      return "no calls";
    case "sql":
      return "no rows";
  }
}

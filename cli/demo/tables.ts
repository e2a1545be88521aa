import { alignRows } from "../../terminal/table.ts";
import type { Panel } from "./panels.ts";
import type { FoundSpan, FoundTrace } from "../../clients/tempo.ts";
import { clock, cut, withUnit } from "./text.ts";

/** Rows of a table that are written out. */
const rowsShown = 3;

interface Column {
  readonly head: string;
  readonly cells: readonly string[];
}

/** Spans, a row each, in the columns that Grafana's table has. */
export function spanTable(traces: readonly FoundTrace[], columns: Panel["columns"]): string[] {
  const rows = traces.flatMap((trace) =>
    (trace.spanSets ?? []).flatMap(({ spans }) => spans.map((span) => ({ trace, span }))),
  );
  const first = rows.slice(0, rowsShown);
  return table(
    rows.length,
    columns.map(([name, head]) => ({ head, cells: first.map((row) => cellOf(name, row)) })),
  );
}

function cellOf(
  column: string,
  { trace, span }: { readonly trace: FoundTrace; readonly span: FoundSpan },
): string {
  switch (column) {
    case "Start time":
      return timeOf(span.startTimeUnixNano ?? "");
    case "Duration":
      return withUnit(Number(span.durationNanos ?? 0) / 1e6, "ms");
    case "Trace Name":
      return cut(trace.rootTraceName ?? "", 26);
    default:
      return attributeOf(span, column);
  }
}

function attributeOf({ attributes = [] }: FoundSpan, wanted: string): string {
  const value = attributes.find(({ key }) => key === wanted)?.value;
  return value === undefined ? "" : cut(String(Object.values(value)[0]), 24);
}

const timeOf = (nanoseconds: string): string => clock(Number(nanoseconds) / 1e9);

function table(count: number, columns: readonly Column[]): string[] {
  if (count === 0) return [];
  const rows = [
    columns.map(({ head }) => head),
    ...columns[0]!.cells.map((_, row) => columns.map(({ cells }) => cells[row]!)),
  ];
  return [...alignRows(rows), `  ${count} ${count === 1 ? "row" : "rows"}`];
}

import { alignRows } from "../report.ts";
import type { FoundSpan, FoundTrace } from "../ask.ts";
import { clock, cut, withUnit } from "./text.ts";

/** Rows of a table that are written out. */
const rowsShown = 3;

interface Column {
  readonly head: string;
  readonly cells: readonly string[];
}

/** Spans with the attributes that the query names, in its order. */
export function spanTable(traces: readonly FoundTrace[], query: string): string[] {
  const spans = traces.flatMap(({ spanSets = [] }) => spanSets.flatMap((set) => set.spans));
  const first = spans.slice(0, rowsShown);
  const keys = [...new Set(spans.flatMap(({ attributes = [] }) => attributes.map(({ key }) => key)))];
  return table(spans.length, [
    { head: "Began at", cells: first.map(({ startTimeUnixNano = "" }) => timeOf(startTimeUnixNano)) },
    {
      head: "Duration",
      cells: first.map(({ durationNanos }) => withUnit(Number(durationNanos ?? 0) / 1e6, "ms")),
    },
    ...keys
      .sort((a, b) => query.indexOf(a) - query.indexOf(b))
      .map((key) => ({ head: key, cells: first.map((span) => attributeOf(span, key)) })),
  ]);
}

function attributeOf({ attributes = [] }: FoundSpan, wanted: string): string {
  const value = attributes.find(({ key }) => key === wanted)?.value;
  return value === undefined ? "" : cut(String(Object.values(value)[0]), 24);
}

const timeOf = (nanoseconds: string): string => clock(Number(nanoseconds) / 1e9);

function table(count: number, columns: readonly Column[]): string[] {
  if (count === 0) return [];
  const heads = columns.map(({ head }) => linesOfHead(head));
  const headHeight = Math.max(...heads.map(({ length }) => length));
  const rows = [
    ...Array.from({ length: headHeight }, (_, line) =>
      heads.map((lines) => lines[line - headHeight + lines.length] ?? ""),
    ),
    ...columns[0]!.cells.map((_, row) => columns.map(({ cells }) => cells[row]!)),
  ];
  return [...alignRows(rows), `  ${count} ${count === 1 ? "row" : "rows"}`];
}

const headWidth = 8;

/** A head in short lines; of an attribute's name the last part, with the one before it where it is a single word. */
function linesOfHead(head: string): string[] {
  const parts = head.split(".");
  const last = parts.at(-1)!;
  const words = (last.includes("_") ? last : parts.slice(-2).join(" ")).split(/[_ ]/);
  return words.reduce<string[]>((lines, word) => {
    const joined = `${lines.at(-1)} ${word}`;
    return lines.length > 0 && joined.length <= headWidth
      ? [...lines.slice(0, -1), joined]
      : [...lines, word];
  }, []);
}

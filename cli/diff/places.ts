import { isPlain } from "./compare.ts";

type Plain = Readonly<Record<string, unknown>>;

/** A panel or row with where it stands. */
export interface Placed {
  readonly panel: Plain;
  readonly isRow: boolean;
  /** The row it is in; none above the first row, and for a row itself. */
  readonly row?: Placed;
  /** Its turn in the dashboard, as a person reads. */
  readonly order: number;
  readonly x: unknown;
  readonly y: unknown;
  /** `12 × 8`: columns and lines. */
  readonly size: string;
}

/** All panels, those in collapsed rows included. A panel below an open row is in that row. */
export function placed(panels: readonly Plain[]): Placed[] {
  const all: Placed[] = [];
  const add = (panel: Plain, row: Placed | undefined): Placed => {
    const grid = isPlain(panel["gridPos"]) ? panel["gridPos"] : {};
    const { x, y, w, h } = grid;
    const isRow = panel["type"] === "row";
    const size = `${String(w)} × ${String(h)}`;
    const entry = { panel, isRow, order: all.length, x, y, size, ...(row && { row }) };
    all.push(entry);
    return entry;
  };
  let row: Placed | undefined;
  for (const panel of reading(panels)) {
    const entry = add(panel, panel["type"] === "row" ? undefined : row);
    if (!entry.isRow) continue;
    row = entry;
    const inner = Array.isArray(panel["panels"]) ? panel["panels"].filter(isPlain) : [];
    for (const member of reading(inner)) add(member, entry);
  }
  return all;
}

/** Where a panel is, for people. */
export const place = ({ row, x, y }: Placed): string =>
  `${row ? `row ${String(row.panel["title"])}` : "top"}, column ${String(x)}, line ${String(y)}`;

/** From the top down, from left to right. */
const reading = (panels: readonly Plain[]): Plain[] => {
  const at = (panel: Plain, key: string) => {
    const grid = isPlain(panel["gridPos"]) ? panel["gridPos"] : {};
    return typeof grid[key] === "number" ? grid[key] : 0;
  };
  return panels.toSorted((a, b) => at(a, "y") - at(b, "y") || at(a, "x") - at(b, "x"));
};

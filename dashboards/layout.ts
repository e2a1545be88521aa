import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { GridPos, Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";

/** A panel in its place: columns of 24 and rows of 30 pixels, counted from the start of its section. */
export interface Placed {
  readonly at: Readonly<GridPos>;
  readonly panel: Builder<Panel>;
}

/** A row that an operator opens; a closed row asks nothing. */
export interface ClosedRow {
  readonly title: string;
  readonly panels: readonly Placed[];
}

/** Panels above the fold, then closed rows below them. */
export function layout(open: readonly Placed[], rows: readonly ClosedRow[]): (Panel | RowPanel)[] {
  const below = heightOf(open);
  return [
    ...open.map((placed) => place(placed, 0)),
    ...rows.map((row, index): RowPanel => {
      const y = below + index;
      return {
        type: "row",
        title: row.title,
        collapsed: true,
        id: 0,
        gridPos: { x: 0, y, w: 24, h: 1 },
        panels: row.panels.map((placed) => place(placed, y + 1)),
      };
    }),
  ];
}

const place = ({ at, panel }: Placed, offset: number): Panel => ({
  ...panel.build(),
  gridPos: { ...at, y: at.y + offset },
});

const heightOf = (panels: readonly Placed[]): number => Math.max(0, ...panels.map(({ at }) => at.y + at.h));

import assert from "node:assert/strict";
import fc from "fast-check";
import { layout, type Placed } from "../../dashboards/layout.ts";

interface Laid {
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly collapsed?: boolean;
  readonly panels?: readonly Laid[];
}

/** Panels one below another, as a section of a dashboard has them. */
const section = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 }).map((heights) =>
  heights.map((h, index): Placed => {
    const y = heights.slice(0, index).reduce((sum, each) => sum + each, 0);
    return { at: { x: 0, y, w: 24, h }, panel: { build: () => ({ type: "stat" }) } };
  }),
);

const rows = fc.array(
  section.map((panels) => ({ title: "Row", panels })),
  { maxLength: 4 },
);

const lay = (
  open: readonly Placed[],
  closed: readonly { title: string; panels: readonly Placed[] }[],
): Laid[] => layout(open, closed) as Laid[];

const bottom = ({ gridPos: { y, h } }: Laid): number => y + h;

describe("the layout of a dashboard", () => {
  it("leaves open panels where they are put", () => {
    fc.assert(
      fc.property(section, rows, (open, closed) => {
        const panels = lay(open, closed).filter(({ type }) => type !== "row");
        assert.deepEqual(
          panels.map(({ gridPos }) => gridPos),
          open.map(({ at }) => at),
        );
      }),
    );
  });

  it("puts rows below all open panels, each below the one before, closed", () => {
    fc.assert(
      fc.property(section, rows, (open, closed) => {
        const all = lay(open, closed);
        const found = all.filter(({ type }) => type === "row");
        const fold = Math.max(...all.filter(({ type }) => type !== "row").map(bottom));
        assert.deepEqual(
          found.map(({ gridPos }) => gridPos),
          closed.map((_, index) => ({ x: 0, y: fold + index, w: 24, h: 1 })),
        );
        assert.ok(found.every(({ collapsed }) => collapsed));
      }),
    );
  });

  it("keeps a row's panels within it, from right below its title", () => {
    fc.assert(
      fc.property(section, rows, (open, closed) => {
        const found = lay(open, closed).filter(({ type }) => type === "row");
        found.forEach((row, index) => {
          const placed = closed[index]!.panels;
          assert.deepEqual(
            row.panels!.map(({ gridPos }) => gridPos.y - bottom(row)),
            placed.map(({ at }) => at.y),
          );
        });
      }),
    );
  });

  it("begins with the first row when nothing is open", () => {
    const [row] = lay([], [{ title: "Row", panels: [] }]);
    assert.equal(row!.gridPos.y, 0);
  });
});

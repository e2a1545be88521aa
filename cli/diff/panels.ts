import { aspectsOf } from "./panel.ts";
import { place, placed, type Placed } from "./places.ts";
import { unique } from "./pairs.ts";
import type { Action, Finding } from "./report.ts";

type Plain = Readonly<Record<string, unknown>>;

/** What changes in a dashboard's panels and rows: which come, go and move, and what each shows. */
export function panelFindings(
  dashboard: string,
  oldPanels: readonly Plain[],
  panels: readonly Plain[],
): Finding[] {
  const [before, after] = [placed(oldPanels), placed(panels)];
  const partners = partnersOf(before, after);
  const taken = new Set(partners.values());
  const removed = before
    .filter((panel) => !taken.has(panel))
    .map((panel) => whole(dashboard, "removed", panel));
  const moved = movedPanels(partners);
  const found = after.flatMap((panel): Finding[] => {
    const old = partners.get(panel);
    if (!old) return [whole(dashboard, "added", panel)];
    return [
      ...(moved.has(panel)
        ? [{ ...whole(dashboard, "moved", panel), old: place(old), new: place(panel) }]
        : []),
      ...ofPanel(dashboard, old, panel),
    ];
  });
  const all = [...removed, ...found];
  return all.some(changesLayout) ? all : [...all, ...leftOver(dashboard, partners)];
}

const subjectOf = (dashboard: string, { panel, isRow }: Placed): string => {
  const title =
    typeof panel["title"] === "string" && panel["title"] !== "" ? panel["title"] : `#${String(panel["id"])}`;
  return `${dashboard} › ${isRow ? "row " : ""}${title}`;
};

const whole = (dashboard: string, action: Action, panel: Placed): Finding => ({
  section: "dashboards",
  action,
  subject: subjectOf(dashboard, panel),
  fields: [],
  costs: ["in place"],
});

/**
 * A panel is the one of the same title and id, else of the same title, else of the same id and type: ids are given
 * in turn where dashboards are code, so a panel put between two others has changed the ids of all below it.
 */
function partnersOf(before: readonly Placed[], after: readonly Placed[]): Map<Placed, Placed> {
  const partners = new Map<Placed, Placed>();
  const keys: ((panel: Placed) => string | undefined)[] = [
    ({ isRow, panel: { title, id } }) => key(isRow, title, id),
    ({ isRow, panel: { title } }) => (title ? key(isRow, title) : undefined),
    ({ isRow, panel: { id, type } }) => (id === undefined ? undefined : key(isRow, id, type)),
    ({ isRow, panel: { type, targets } }) => (targets ? key(isRow, type, targets) : undefined),
  ];
  for (const keyOf of keys) {
    const taken = new Set(partners.values());
    const old = unique(
      before.filter((panel) => !taken.has(panel)),
      keyOf,
    );
    for (const [text, panel] of unique(
      after.filter((panel) => !partners.has(panel)),
      keyOf,
    )) {
      const partner = old.get(text);
      if (partner) partners.set(panel, partner);
    }
  }
  return new Map(after.flatMap((panel) => (partners.has(panel) ? [[panel, partners.get(panel)!]] : [])));
}

const key = (...parts: readonly unknown[]): string => JSON.stringify(parts);

/**
 * Panels that a person sees elsewhere: in another row, in another column, or before or after others than they were.
 * A panel that only makes way is not among them.
 */
function movedPanels(partners: ReadonlyMap<Placed, Placed>): Set<Placed> {
  const moved = new Set<Placed>();
  const stayed = new Map<Placed | undefined, Placed[]>();
  for (const [panel, old] of partners) {
    const sameRow = panel.row === undefined ? old.row === undefined : partners.get(panel.row) === old.row;
    if (!sameRow || panel.x !== old.x) moved.add(panel);
    else stayed.set(panel.row, [...(stayed.get(panel.row) ?? []), panel]);
  }
  for (const panels of stayed.values()) {
    const kept = longestRising(panels, (panel) => partners.get(panel)!.order);
    panels.filter((panel) => !kept.has(panel)).forEach((panel) => moved.add(panel));
  }
  return moved;
}

/** The longest run of values whose numbers rise, not necessarily neighbours. */
function longestRising<T>(values: readonly T[], numberOf: (value: T) => number): Set<T> {
  const runs: T[][] = [];
  for (const value of values) {
    const before = runs.filter((run) => numberOf(run.at(-1)!) < numberOf(value));
    runs.push([...before.reduce<T[]>((best, run) => (run.length > best.length ? run : best), []), value]);
  }
  return new Set(runs.reduce<T[]>((best, run) => (run.length > best.length ? run : best), []));
}

function ofPanel(dashboard: string, old: Placed, next: Placed): Finding[] {
  const subject = subjectOf(dashboard, next);
  const renamed = old.panel["title"] !== next.panel["title"];
  return [
    ...(renamed
      ? [{ ...whole(dashboard, "renamed", next), old: old.panel["title"], new: next.panel["title"] }]
      : []),
    ...(old.size === next.size
      ? []
      : [{ ...whole(dashboard, "changed", next), fields: ["size"], old: old.size, new: next.size }]),
    ...aspectsOf(old.panel, next.panel).map((aspect): Finding => ({
      ...aspect,
      section: "dashboards",
      subject,
      costs: ["in place"],
    })),
  ];
}

const changesLayout = ({ action, fields }: Finding): boolean =>
  ["added", "removed", "moved"].includes(action) || fields[0] === "size";

/** Lines and ids, which otherwise follow from what else changes. */
const leftOver = (dashboard: string, partners: ReadonlyMap<Placed, Placed>): Finding[] =>
  [...partners].flatMap(([panel, old]) => [
    ...(panel.y === old.y
      ? []
      : [{ ...whole(dashboard, "moved", panel), old: place(old), new: place(panel) }]),
    ...(panel.panel["id"] === old.panel["id"]
      ? []
      : [
          {
            ...whole(dashboard, "changed", panel),
            fields: ["id"],
            old: old.panel["id"],
            new: panel.panel["id"],
          },
        ]),
  ]);

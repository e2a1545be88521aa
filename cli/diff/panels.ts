import { isDeepStrictEqual } from "node:util";
import { compare, isPlain, keyOf, partnersOf, pathText, type Plain } from "./compare.ts";
import { inPlace, toFinding, type Action, type Finding } from "./report.ts";

/** What changes in a dashboard's panels and rows: which come, go and move, and what each shows. */
export function panelFindings(
  dashboard: string,
  oldPanels: readonly Plain[],
  panels: readonly Plain[],
): Finding[] {
  const [before, after] = [placed(oldPanels), placed(panels)];
  const { partners, gone } = partnersOf(before, after, keys);
  const pairs = after.flatMap((panel) =>
    partners.has(panel) ? [[partners.get(panel)!, panel] as const] : [],
  );
  const about = (panel: Placed) =>
    ({ section: "dashboards", subject: `${dashboard} › ${titleOf(panel)}`, ...inPlace }) as const;
  const whole = (action: Action, panel: Placed) => ({ ...about(panel), action, fields: [] });
  const change = (panel: Placed, field: string, old: unknown, next: unknown) =>
    old === next ? [] : [toFinding(about(panel), { path: [field], old, new: next })];
  const move = (old: Placed, panel: Placed) => ({
    ...whole("moved", panel),
    old: place(old),
    new: place(panel),
  });

  const moved = movedPanels(before, pairs, partners);
  const removed = gone.map((panel) => whole("removed", panel));
  const found = after.flatMap((panel): Finding[] => {
    const old = partners.get(panel);
    if (!old) return [whole("added", panel)];
    const [from, to] = [old.panel["title"], panel.panel["title"]];
    return [
      ...(moved.has(panel) ? [move(old, panel)] : []),
      ...(from === to ? [] : [{ ...whole("renamed", panel), old: from, new: to }]),
      ...change(panel, "size", old.size, panel.size),
      ...aspects(old.panel, panel.panel).map((aspect) =>
        toFinding(about(panel), aspect, inPlace, inWords(aspect.path)),
      ),
    ];
  });
  const all = [...removed, ...found];
  if (all.some(changesLayout)) return all;
  // Lines and ids, which otherwise follow from what else changes.
  const rest = pairs.flatMap(([old, panel]) => [
    ...(old.y === panel.y ? [] : [move(old, panel)]),
    ...change(panel, "id", old.panel["id"], panel.panel["id"]),
  ]);
  return [...all, ...rest];
}

const changesLayout = ({ action, fields }: Finding): boolean =>
  ["added", "removed", "moved"].includes(action) || fields[0] === "size";

/** A panel or row with where it stands. */
interface Placed {
  readonly panel: Plain;
  readonly isRow: boolean;
  /** The row it is in; none above the first row, and for a row itself. */
  readonly row?: Placed;
  readonly x: unknown;
  readonly y: unknown;
  /** `12 × 8`: columns and lines. */
  readonly size: string;
}

const gridOf = (panel: Plain): Plain => (isPlain(panel["gridPos"]) ? panel["gridPos"] : {});

/** All panels, those in collapsed rows included, as a person reads. A panel below an open row is in that row. */
function placed(panels: readonly Plain[], within?: Placed): Placed[] {
  const at = (panel: Plain, key: string) => {
    const { [key]: value } = gridOf(panel);
    return typeof value === "number" ? value : 0;
  };
  const reading = panels.toSorted((a, b) => at(a, "y") - at(b, "y") || at(a, "x") - at(b, "x"));
  let row = within;
  return reading.flatMap((panel) => {
    const { x, y, w, h } = gridOf(panel);
    const isRow = panel["type"] === "row";
    const entry = { panel, isRow, x, y, size: `${String(w)} × ${String(h)}`, ...(!isRow && row && { row }) };
    if (!isRow) return [entry];
    row = entry;
    return [entry, ...placed(Array.isArray(panel["panels"]) ? panel["panels"].filter(isPlain) : [], entry)];
  });
}

const titleOf = ({ panel: { title, id }, isRow }: Placed): string =>
  `${isRow ? "row " : ""}${typeof title === "string" && title !== "" ? title : `#${String(id)}`}`;

/** Where a panel is, for people. */
const place = ({ row, x, y }: Placed): string =>
  `${row ? `row ${String(row.panel["title"])}` : "top"}, column ${String(x)}, line ${String(y)}`;

/**
 * A panel is the one of the same title and id, else of the same title, else of the same id and type: ids are given
 * in turn where dashboards are code, so a panel put between two others has changed the ids of all below it.
 */
const keys = [
  ({ isRow, panel: { title, id } }: Placed) => JSON.stringify([isRow, title, id]),
  ({ isRow, panel: { title } }: Placed) => (title ? JSON.stringify([isRow, title]) : undefined),
  ({ isRow, panel: { id, type } }: Placed) =>
    id === undefined ? undefined : JSON.stringify([isRow, id, type]),
  ({ isRow, panel: { type, targets } }: Placed) =>
    targets ? JSON.stringify([isRow, type, targets]) : undefined,
];

/**
 * Panels that a person sees elsewhere: in another row, in another column, or before or after others than they were.
 * A panel that only makes way is not among them.
 */
function movedPanels(
  before: readonly Placed[],
  pairs: readonly (readonly [old: Placed, panel: Placed])[],
  partners: ReadonlyMap<Placed, Placed>,
): Set<Placed> {
  const stays = ([old, panel]: readonly [Placed, Placed]) =>
    (panel.row && partners.get(panel.row)) === old.row && panel.x === old.x;
  const rows = Map.groupBy(pairs.filter(stays), ([, { row }]) => row);
  const swapped = [...rows.values()].flatMap((row) => outOfOrder(row, ([old]) => before.indexOf(old)));
  return new Set([...pairs.filter((pair) => !stays(pair)), ...swapped].map(([, panel]) => panel));
}

/** Those that others have overtaken, or those that have overtaken others, whichever are fewer. */
function outOfOrder<T>(values: readonly T[], numberOf: (value: T) => number): T[] {
  const overtaken = values.filter((value, index) =>
    values.slice(0, index).some((other) => numberOf(other) > numberOf(value)),
  );
  const overtaking = values.filter((value, index) =>
    values.slice(index).some((other) => numberOf(other) < numberOf(value)),
  );
  return overtaking.length < overtaken.length ? overtaking : overtaken;
}

/** What changes in a panel besides its title and place. */
function aspects(old: Plain, next: Plain) {
  const changes = compare(toReadable(old), toReadable(next));
  const source = changes.find(({ path }) => inWords(path) === "data source");
  return changes.filter(({ path, old, new: next }) => {
    const followsPanel = path[0] === "query" && path[2] === "datasource";
    return !(followsPanel && source && isDeepStrictEqual([old, next], [source.old, source.new]));
  });
}

/** The panel as what it says: words where people have them, Grafana's keys for the rest. */
function toReadable(panel: Plain): Plain {
  const { id: _id, gridPos: _gridPos, title: _title, panels: _panels, ...shown } = panel;
  const { targets, datasource, fieldConfig, links, ...rest } = shown;
  const { defaults, overrides, ...otherFields } = isPlain(fieldConfig) ? fieldConfig : { fieldConfig };
  const { unit, thresholds, links: dataLinks, ...others } = isPlain(defaults) ? defaults : {};
  const readable = {
    query: eachOf(targets, (target) =>
      "datasource" in target ? { ...target, datasource: source(target["datasource"]) } : target,
    ),
    unit,
    thresholds: steps(thresholds),
    "data source": source(datasource),
    link: links,
    "data link": dataLinks,
    override: eachOf(overrides, ({ matcher, ...override }) => ({ name: matcherText(matcher), ...override })),
    ...rest,
    ...others,
    ...otherFields,
  };
  return Object.fromEntries(Object.entries(readable).filter(([, value]) => value !== undefined));
}

const eachOf = (list: unknown, readable: (member: Plain) => Plain): unknown =>
  Array.isArray(list)
    ? list.map((member) => (isPlain(member) ? readable(member) : (member as unknown)))
    : list;

/** `prometheus ${prometheus_datasource}`. */
function source(datasource: unknown): unknown {
  const { type, uid, ...rest } = isPlain(datasource) ? datasource : {};
  const isKnown = typeof type === "string" && typeof uid === "string" && Object.keys(rest).length === 0;
  return isKnown ? `${type} ${uid}` : datasource;
}

/** `green, orange from 5, red from 10`. */
function steps(thresholds: unknown): unknown {
  const { mode, steps: all, ...rest } = isPlain(thresholds) ? thresholds : {};
  const unit = { absolute: "", percentage: "%" }[String(mode)];
  if (!Array.isArray(all) || unit === undefined || Object.keys(rest).length > 0) return thresholds;
  const texts = all.map((step) => stepText(step, unit));
  return texts.includes(undefined) ? thresholds : texts.join(", ");
}

function stepText(step: unknown, unit: string): string | undefined {
  const { color, value, ...rest } = isPlain(step) ? step : {};
  if (typeof color !== "string" || Object.keys(rest).length > 0) return undefined;
  if (value === null || value === undefined) return color;
  return typeof value === "number" ? `${color} from ${value}${unit}` : undefined;
}

/** `byName Errors`: the fields that an override is for. */
function matcherText(matcher: unknown): string {
  const { id, options, ...rest } = isPlain(matcher) ? matcher : {};
  const isKnown = typeof id === "string" && typeof options === "string" && Object.keys(rest).length === 0;
  return isKnown ? `${id} ${options}` : JSON.stringify(matcher);
}

/** What dashboards and panels have several of, each with a name. */
const lists = ["variable", "annotation", "query", "link", "data link", "override"];

/** The key in which each kind of data source has its query's text. */
const textKeys = ["expr", "query", "rawSql", "rawQuery", "expression"];

/** A path as `query A`, `query A: legendFormat`, `link Runbook: url`, and by Grafana's own keys for the rest. */
export function inWords([first, second, ...rest]: readonly string[]): string {
  const word = keyOf(first!);
  if (!lists.includes(word) || second === undefined || second === "[order]") {
    return pathText([word, ...(second === undefined ? [] : [second]), ...rest]);
  }
  const name = /^\[\d+\]$/.test(second) ? second : second.slice(1, -1);
  const field = word === "query" && textKeys.includes(rest.join()) ? "" : pathText(rest);
  return [`${word} ${name}`, field].filter(Boolean).join(": ");
}

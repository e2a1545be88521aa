import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { compare, isPlain, keyOf, partnersOf, pathText, type FieldChange, type Plain } from "./compare.ts";
import { fieldFinding, inPlace, wholeFinding, type Finding } from "./report.ts";

/** What changes in a dashboard's panels and rows: which come, go and move, and what each shows. */
export function panelFindings(
  dashboard: string,
  oldPanels: readonly Plain[],
  panels: readonly Plain[],
): Finding[] {
  const [before, after] = [placed(oldPanels), placed(panels)];
  const { partners, gone } = partnersOf(before, after, keys);
  const moved = movedPanels(before, after, partners);
  const isLayoutSame =
    gone.length + moved.size === 0 && after.every((panel) => partners.get(panel)?.size === panel.size);
  const about = (panel: Placed) =>
    ({ section: "dashboards", subject: `${dashboard} › ${titleOf(panel)}` }) as const;
  return [
    ...gone.map((panel) => wholeFinding(about(panel), "removed")),
    ...after.flatMap((panel): Finding[] => {
      const old = partners.get(panel);
      if (!old) return [wholeFinding(about(panel), "added")];
      // Lines and ids follow from what else changes.
      const isMoved = moved.has(panel) || (isLayoutSame && old.y !== panel.y);
      const [from, to] = [old.panel["title"], panel.panel["title"]];
      return [
        ...(isMoved ? [wholeFinding(about(panel), "moved", { old: place(old), new: place(panel) })] : []),
        ...(from === to ? [] : [wholeFinding(about(panel), "renamed", { old: from, new: to })]),
        ...compareShown(old, panel, isLayoutSame).map((change) =>
          fieldFinding(about(panel), change, inPlace, inWords(change.path)),
        ),
      ];
    }),
  ];
}

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

/** The objects in a list, if it is one. */
export const membersOf = (list: unknown): Plain[] => (Array.isArray(list) ? list.filter(isPlain) : []);

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
    return [entry, ...placed(membersOf(panel["panels"]), entry)];
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
const keys = [["title", "id"], ["title"], ["id", "type"], ["type", "targets"]].map(
  (names) =>
    ({ isRow, panel }: Placed) => {
      const values = names.map((name) => panel[name]);
      return values.includes(undefined) || values.includes("")
        ? undefined
        : JSON.stringify([isRow, ...values]);
    },
);

/**
 * Panels that a person sees elsewhere: in another row, in another column, or before or after others than they were.
 * A panel that only makes way is not among them.
 */
function movedPanels(
  before: readonly Placed[],
  after: readonly Placed[],
  partners: ReadonlyMap<Placed, Placed>,
): Set<Placed> {
  const known = after.filter((panel) => partners.has(panel));
  const stays = (panel: Placed) => {
    const { row, x } = partners.get(panel)!;
    return (panel.row && partners.get(panel.row)) === row && panel.x === x;
  };
  const rows = Map.groupBy(known.filter(stays), ({ row }) => row);
  const kept = [...rows.values()].flatMap((row) =>
    longestRising(row, (panel) => before.indexOf(partners.get(panel)!)),
  );
  return new Set(known.filter((panel) => !kept.includes(panel)));
}

/** The longest run of values whose numbers rise, not necessarily neighbours. */
function longestRising<T>(values: readonly T[], numberOf: (value: T) => number): T[] {
  const longest = (runs: T[][]) => runs.reduce((best, run) => (run.length > best.length ? run : best), []);
  const runs: T[][] = [];
  for (const value of values) {
    runs.push([...longest(runs.filter((run) => numberOf(run.at(-1)!) < numberOf(value))), value]);
  }
  return longest(runs);
}

/** What changes in a panel besides its title and place. */
function compareShown(old: Placed, next: Placed, withId: boolean): FieldChange[] {
  const changes = compare(toReadable(old, withId), toReadable(next, withId));
  const source = changes.find(({ path }) => inWords(path) === "data source");
  return changes.filter(({ path, old, new: next }) => {
    const followsPanel = path[0] === "query" && path[2] === "datasource";
    return !(followsPanel && source && isDeepStrictEqual([old, next], [source.old, source.new]));
  });
}

/** The panel as what it says: words where people have them, Grafana's keys for the rest. */
function toReadable({ panel, size }: Placed, withId: boolean): Plain {
  const { id, gridPos: _gridPos, title: _title, panels: _panels, ...shown } = panel;
  const { targets, datasource, fieldConfig, links, ...rest } = shown;
  const { defaults, overrides, ...otherFields } = isPlain(fieldConfig) ? fieldConfig : { fieldConfig };
  const { unit, thresholds, links: dataLinks, ...others } = isPlain(defaults) ? defaults : {};
  const readable = {
    size,
    query: eachOf(targets, (target) =>
      "datasource" in target ? { ...target, datasource: source(target["datasource"]) } : target,
    ),
    unit,
    thresholds: steps(thresholds),
    "data source": source(datasource),
    link: links,
    "data link": dataLinks,
    override: eachOf(overrides, ({ matcher, properties, ...override }) => ({
      name: matcherText(matcher),
      ...override,
      properties: byId(properties),
    })),
    ...rest,
    ...others,
    ...otherFields,
    ...(withId && { id }),
  };
  return Object.fromEntries(Object.entries(readable).filter(([, value]) => value !== undefined));
}

const eachOf = (list: unknown, readable: (member: Plain) => Plain): unknown =>
  Array.isArray(list)
    ? list.map((member) => (isPlain(member) ? readable(member) : (member as unknown)))
    : list;

/** Values of that format in words; others as they are. */
export const wordsFor =
  <T>(format: z.ZodType<T>, words: (value: T) => string) =>
  (value: unknown): unknown => {
    const { success, data } = format.safeParse(value);
    return success ? words(data) : value;
  };

/** `prometheus ${prometheus_datasource}`. */
const source = wordsFor(
  z.strictObject({ type: z.string(), uid: z.string() }),
  ({ type, uid }) => `${type} ${uid}`,
);

/** `green, orange from 5, red from 10`. */
const steps = wordsFor(
  z.strictObject({
    mode: z.enum(["absolute", "percentage"]),
    steps: z.array(z.strictObject({ color: z.string(), value: z.number().nullish() })),
  }),
  ({ mode, steps }) => {
    const unit = mode === "percentage" ? "%" : "";
    return steps
      .map(({ color, value }) => (typeof value === "number" ? `${color} from ${value}${unit}` : color))
      .join(", ");
  },
);

/** Properties by what they are, where each is set once. */
function byId(properties: unknown): unknown {
  const ids = new Map(membersOf(properties).map((property) => [String(property["id"]), property]));
  return Array.isArray(properties) && ids.size === properties.length ? Object.fromEntries(ids) : properties;
}

/** `byName Errors`: the fields that an override is for. */
const matcherText = (matcher: unknown): string => {
  const { id, options } = isPlain(matcher) ? matcher : {};
  return typeof options === "string" ? `${String(id)} ${options}` : JSON.stringify(matcher);
};

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

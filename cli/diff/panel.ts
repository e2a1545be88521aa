import { compare, isPlain, keyOf, orderChange, pathText, same, type FieldChange } from "./compare.ts";
import { unique } from "./pairs.ts";
import type { Finding } from "./report.ts";
import { actionOf, sidesOf } from "./tempo.ts";

type Plain = Readonly<Record<string, unknown>>;

/** Something of a panel that changes. */
export type Aspect = Pick<Finding, "action" | "fields" | "old" | "new">;

/** What changes in a panel besides its title and place. */
export function aspectsOf(old: Plain, next: Plain): Aspect[] {
  const [before, after] = [spoken(old), spoken(next)];
  const orders = lists.flatMap((list) => orderChange(before[list], after[list], [list]));
  const changes = [...compare(before, after), ...orders];
  const source = changes.find(({ path }) => keyOf(path[0]!) === "data source");
  return changes
    .filter(({ path, old, new: next }) => {
      const followsPanel = path[0] === "query" && path[2] === "datasource";
      return !(followsPanel && source && same([old, next], [source.old, source.new]));
    })
    .map((change) => ({ action: actionOf(change), fields: [wordsOf(change)], ...sidesOf(change) }));
}

/** The panel as what it says: words where people have them, Grafana's keys for the rest. */
function spoken(panel: Plain): Plain {
  const { id: _id, gridPos: _gridPos, title: _title, panels: _panels, ...shown } = panel;
  const { targets, datasource, fieldConfig, links, ...rest } = shown;
  const { defaults, overrides, ...otherFields } = isPlain(fieldConfig) ? fieldConfig : {};
  const { unit, thresholds, links: fieldLinks, ...others } = isPlain(defaults) ? defaults : {};
  return {
    ...present("query", queries(targets)),
    ...present("unit", unit),
    ...present("thresholds", steps(thresholds)),
    ...present("data source", source(datasource)),
    ...present("link", byKey(links, "title")),
    ...present("data link", byKey(fieldLinks, "title")),
    ...present("override", byField(overrides)),
    ...rest,
    ...(isPlain(fieldConfig) ? { ...others, ...otherFields } : present("fieldConfig", fieldConfig)),
  };
}

/** What a panel has several of, each with a name. */
const lists = ["query", "link", "data link", "override"];

const present = (name: string, value: unknown): Plain => (value === undefined ? {} : { [name]: value });

/** The key in which each kind of data source has its query's text. */
const textKeys = ["expr", "query", "rawSql", "rawQuery", "expression"];

/** Queries by refId; the text of each under the empty key. */
function queries(targets: unknown): unknown {
  const map = byKey(targets, "refId");
  if (Array.isArray(map) || !isPlain(map)) return map;
  return Object.fromEntries(
    Object.entries(map as Record<string, Plain>).map(([refId, { datasource, ...target }]) => {
      const textKey = textKeys.find((key) => typeof target[key] === "string");
      const others = Object.entries(target).filter(([key]) => key !== textKey && key !== "refId");
      return [
        refId,
        {
          ...(textKey !== undefined && { "": target[textKey] }),
          ...Object.fromEntries(others),
          ...present("datasource", source(datasource)),
        },
      ];
    }),
  );
}

/** `prometheus ${prometheus_datasource}`. */
function source(datasource: unknown): unknown {
  if (!isPlain(datasource)) return datasource;
  const { type, uid, ...rest } = datasource;
  const known = typeof type === "string" && typeof uid === "string" && Object.keys(rest).length === 0;
  return known ? `${type} ${uid}` : datasource;
}

/** `green, orange from 5, red from 10`. */
function steps(thresholds: unknown): unknown {
  if (!isPlain(thresholds) || !Array.isArray(thresholds["steps"])) return thresholds;
  const { mode, steps: all, ...rest } = thresholds;
  if (Object.keys(rest).length > 0 || (mode !== "absolute" && mode !== "percentage")) return thresholds;
  const texts = (all as unknown[]).map((step) => stepText(step, mode === "percentage" ? "%" : ""));
  return texts.includes(undefined) ? thresholds : texts.join(", ");
}

function stepText(step: unknown, unit: string): string | undefined {
  if (!isPlain(step)) return undefined;
  const { color, value, ...rest } = step;
  if (typeof color !== "string" || Object.keys(rest).length > 0) return undefined;
  if (value === null || value === undefined) return color;
  return typeof value === "number" ? `${color} from ${value}${unit}` : undefined;
}

/** Overrides by the fields they are for, and their properties by id. */
function byField(overrides: unknown): unknown {
  if (!Array.isArray(overrides)) return overrides;
  const map = unique(overrides as Plain[], ({ matcher }) =>
    isPlain(matcher) ? matcherText(matcher) : undefined,
  );
  if (map.size !== overrides.length) return overrides;
  return Object.fromEntries(
    [...map].map(([name, { matcher: _matcher, properties, ...rest }]) => [
      name,
      { ...rest, ...present("properties", byKey(properties, "id")) },
    ]),
  );
}

function matcherText({ id, options, ...rest }: Plain): string {
  const known = typeof id === "string" && typeof options === "string" && Object.keys(rest).length === 0;
  return known ? `${id} ${options}` : JSON.stringify({ id, options, ...rest });
}

/** A list as a map, if each member has a name of its own; the list itself otherwise. */
function byKey(list: unknown, key: string): unknown {
  if (!Array.isArray(list)) return list;
  const map = unique(list as unknown[], (member) =>
    isPlain(member) && typeof member[key] === "string" ? member[key] : undefined,
  );
  return map.size === list.length ? Object.fromEntries(map) : list;
}

/** `query A`, `query A: legendFormat`, `link Runbook: url`, and Grafana's own key for the rest. */
function wordsOf({ path }: FieldChange): string {
  const [first, second, ...rest] = path as [string, ...string[]];
  const word = keyOf(first);
  if (word === "data source") return [word, pathText(path.slice(1))].filter(Boolean).join(": ");
  if (!lists.includes(word)) return pathText(path);
  if (second === undefined || second === "[order]") return `${word}${second ?? ""}`;
  const isText = word === "query" && same(rest, ['[""]']);
  return [`${word} ${keyOf(second)}`, isText ? "" : pathText(rest)].filter(Boolean).join(": ");
}

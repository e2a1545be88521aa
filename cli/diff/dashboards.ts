import { compare, isPlain, keyOf, orderChange, pathText, same, type FieldChange } from "./compare.ts";
import { parsed } from "./contents.ts";
import { panelFindings } from "./panels.ts";
import { unique } from "./pairs.ts";
import type { Finding } from "./report.ts";
import { actionOf, sidesOf } from "./tempo.ts";

type Plain = Readonly<Record<string, unknown>>;

/** What changes in a ConfigMap of dashboards, in the words of a person who looks at them. */
export function dashboardFindings(old: Plain, next: Plain): Finding[] {
  const renamed = new Map(
    Object.keys(next).flatMap((file): [string, string][] => {
      const from = Object.keys(old).find((other) => !(other in next) && isSameBoard(old[other], next[file]));
      return file in old || from === undefined ? [] : [[file, from]];
    }),
  );
  const gone = Object.keys(old).filter((file) => !(file in next) && ![...renamed.values()].includes(file));
  return [
    ...Object.keys(next).flatMap((file) => {
      const from = renamed.get(file) ?? file;
      const found = ofDashboard(file, old[from], next[file]);
      return from === file ? found : [finding(from, { path: ["file"], old: from, new: file }), ...found];
    }),
    ...gone.flatMap((file) => ofDashboard(file, old[file], undefined)),
  ];
}

function isSameBoard(a: unknown, b: unknown): boolean {
  const [old, next] = [parsed(a), parsed(b)];
  return isPlain(old) && isPlain(next) && typeof old["uid"] === "string" && old["uid"] === next["uid"];
}

function ofDashboard(file: string, oldText: unknown, nextText: unknown): Finding[] {
  const [old, next] = [parsed(oldText), parsed(nextText)];
  const whole = { section: "dashboards", fields: [], costs: ["in place"] } as const;
  if (old === undefined) return [{ ...whole, action: "added", subject: titleOf(next) ?? file }];
  if (next === undefined) return [{ ...whole, action: "removed", subject: titleOf(old) ?? file }];
  if (isPlain(old) && isPlain(next)) return compareDashboards(titleOf(next) ?? file, old, next);
  if (old === next) return [];
  return [
    { ...whole, action: "changed", subject: file, note: "It was or is no JSON: Grafana does not load it." },
  ];
}

const titleOf = (dashboard: unknown): string | undefined =>
  isPlain(dashboard) && typeof dashboard["title"] === "string" ? dashboard["title"] : undefined;

/** What changes between two versions of a dashboard. */
function compareDashboards(subject: string, old: Plain, next: Plain): Finding[] {
  const { title: oldTitle, panels: oldPanels, ...before } = old;
  const { title, panels, ...after } = next;
  const [from, to] = [spoken(before), spoken(after)];
  const orders = lists.flatMap((list) => orderChange(from[list], to[list], [list]));
  const found = [...compare(from, to).filter(isCause), ...orders];
  return [
    ...(oldTitle === title ? [] : [finding(subject, { path: [], old: oldTitle, new: title }, "renamed")]),
    ...found.map((change) => finding(subject, change)),
    ...panelFindings(subject, listOf(oldPanels), listOf(panels)),
  ];
}

const listOf = (value: unknown): Plain[] => (Array.isArray(value) ? value.filter(isPlain) : []);

const finding = (subject: string, change: FieldChange, action = actionOf(change)): Finding => ({
  section: "dashboards",
  action,
  subject,
  fields: change.path.length === 0 ? [] : [wordsOf(change.path)],
  ...sidesOf(change),
  costs: ["in place"],
});

/** The dashboard with what is nested or told twice in Grafana's format brought to what it says. */
function spoken({ time, templating, annotations, links, ...rest }: Plain): Plain {
  const range = isPlain(time) && same(Object.keys(time).sort(), ["from", "to"]);
  return {
    ...rest,
    ...(time !== undefined && {
      "time range": range ? `${String(time["from"])} to ${String(time["to"])}` : time,
    }),
    ...(isPlain(templating) && { variable: named(templating["list"], "name") }),
    ...(isPlain(annotations) && { annotation: named(annotations["list"], "name") }),
    ...(links !== undefined && { link: named(links, "title") }),
  };
}

/** A list as a map by name, if each has a name of its own. */
function named(list: unknown, key: string): unknown {
  const members = listOf(list);
  const map = unique(members, (member) => (typeof member[key] === "string" ? member[key] : undefined));
  return Array.isArray(list) && map.size === list.length ? Object.fromEntries(map) : (list ?? {});
}

/** A variable's options follow from its query. */
const isCause = (change: FieldChange, _: number, all: readonly FieldChange[]): boolean => {
  const [kind, name, field] = change.path;
  if (kind !== "variable" || !field?.startsWith("options")) return true;
  return !all.some(({ path }) => path[0] === "variable" && path[1] === name && path[2] === "query");
};

/** What a dashboard has several of, each with a name. */
const lists = ["variable", "annotation", "link"];

/** `variable interval: query` rather than `variable.interval.query`. */
function wordsOf([first, second, ...rest]: readonly string[]): string {
  const word = keyOf(first ?? "");
  if (!lists.includes(word) || second === undefined || second === "[order]") {
    return pathText([word, ...(second === undefined ? [] : [second]), ...rest]);
  }
  return [`${word} ${keyOf(second)}`, pathText(rest)].filter(Boolean).join(": ");
}

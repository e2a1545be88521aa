import { isDeepStrictEqual } from "node:util";
import { compare, isPlain, partnersOf, type FieldChange, type Plain } from "./compare.ts";
import { inWords, panelFindings } from "./panels.ts";
import { inPlace, toFinding, type Finding } from "./report.ts";

/** What changes in a ConfigMap of dashboards, in the words of a person who looks at them. */
export function dashboardFindings(old: Plain, next: Plain): Finding[] {
  const [before, after] = [Object.entries(old), Object.entries(next)];
  const { partners, gone } = partnersOf(before, after, [([file]) => file, ([, value]) => uidOf(value)]);
  return [
    ...after.flatMap((file) => fileFindings(partners.get(file), file)),
    ...gone.flatMap((file) => fileFindings(file, undefined)),
  ];
}

/** By this Grafana knows a dashboard, whatever its file is called. */
export function uidOf(dashboard: unknown): string | undefined {
  const uid = isPlain(dashboard) ? dashboard["uid"] : undefined;
  return typeof uid === "string" ? uid : undefined;
}

type File = readonly [name: string, value: unknown];

function fileFindings(old: File | undefined, next: File | undefined): Finding[] {
  const [name, value] = (next ?? old)!;
  const subject = isPlain(value) && typeof value["title"] === "string" ? value["title"] : name;
  const whole = { section: "dashboards", fields: [], ...inPlace } as const;
  if (!old || !next) return [{ ...whole, action: next ? "added" : "removed", subject }];
  const [[oldName, oldValue]] = [old];
  const moved: FieldChange[] = oldName === name ? [] : [{ path: ["file"], old: oldName, new: name }];
  const renamed = moved.map((change) => toFinding({ section: "dashboards", subject: oldName }, change));
  if (isPlain(oldValue) && isPlain(value))
    return [...renamed, ...compareDashboards(subject, oldValue, value)];
  if (isDeepStrictEqual(oldValue, value)) return renamed;
  return [
    { ...whole, action: "changed", subject: name, note: "It was or is no JSON: Grafana does not load it." },
  ];
}

/** What changes between two versions of a dashboard. */
function compareDashboards(subject: string, old: Plain, next: Plain): Finding[] {
  const { title: oldTitle, panels: oldPanels, ...before } = old;
  const { title, panels, ...after } = next;
  const about = { section: "dashboards", subject } as const;
  return [
    ...(oldTitle === title
      ? []
      : [{ ...about, action: "renamed", fields: [], old: oldTitle, new: title, ...inPlace } as const]),
    ...compare(toReadable(before), toReadable(after))
      .filter(isCause)
      .map((change) => toFinding(about, change, inPlace, inWords(change.path))),
    ...panelFindings(subject, listOf(oldPanels), listOf(panels)),
  ];
}

const listOf = (value: unknown): Plain[] => (Array.isArray(value) ? value.filter(isPlain) : []);

/** The dashboard with what is nested or told twice in Grafana's format brought to what it says. */
function toReadable({ time, templating, annotations, links, ...rest }: Plain): Plain {
  const isRange = isPlain(time) && isDeepStrictEqual(Object.keys(time).sort(), ["from", "to"]);
  return {
    ...rest,
    ...(time !== undefined && {
      "time range": isRange ? `${String(time["from"])} to ${String(time["to"])}` : time,
    }),
    ...(isPlain(templating) && { variable: templating["list"] }),
    ...(isPlain(annotations) && { annotation: annotations["list"] }),
    ...(links !== undefined && { link: links }),
  };
}

/** A variable's options follow from its query. */
const isCause = (
  { path: [kind, name, field] }: FieldChange,
  _: number,
  all: readonly FieldChange[],
): boolean =>
  kind !== "variable" ||
  !field?.startsWith("options") ||
  !all.some(({ path }) => path[0] === kind && path[1] === name && path[2] === "query");

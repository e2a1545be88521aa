import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { compare, isPlain, partnersOf, type FieldChange, type Plain } from "./compare.ts";
import { inWords, membersOf, panelFindings, wordsFor } from "./panels.ts";
import { fieldFinding, inPlace, wholeFinding, type About, type Finding } from "./report.ts";

/** What changes in a ConfigMap of dashboards, in the words of a person who looks at them. */
export function dashboardFindings(old: Plain, next: Plain): Finding[] {
  const [before, after] = [Object.entries(old), Object.entries(next)];
  const { partners, gone } = partnersOf(before, after, [([file]) => file, ([, value]) => uidOf(value)]);
  return [
    ...after.flatMap((file) => fileFindings(partners.get(file), file)),
    ...gone.map((file) => wholeFinding(about(file), "removed")),
  ];
}

/** By this Grafana knows a dashboard, whatever its file is called. */
export function uidOf(dashboard: unknown): string | undefined {
  const uid = isPlain(dashboard) ? dashboard["uid"] : undefined;
  return typeof uid === "string" ? uid : undefined;
}

type File = readonly [name: string, content: unknown];

const about = ([name, content]: File) => {
  const title = isPlain(content) ? content["title"] : undefined;
  return { section: "dashboards", subject: typeof title === "string" ? title : name } as const;
};

function fileFindings(old: File | undefined, next: File): Finding[] {
  if (!old) return [wholeFinding(about(next), "added")];
  const [[oldName, before], [name, after]] = [old, next];
  const renamed = compare({ file: oldName }, { file: name }).map((change) =>
    fieldFinding(about(next), change),
  );
  if (isPlain(before) && isPlain(after))
    return [...renamed, ...compareDashboards(about(next), before, after)];
  if (isDeepStrictEqual(before, after)) return renamed;
  const note = "It was or is no JSON: Grafana does not load it.";
  return [{ ...wholeFinding({ section: "dashboards", subject: name }, "changed"), note }];
}

/** What changes between two versions of a dashboard. */
function compareDashboards(about: About, old: Plain, next: Plain): Finding[] {
  const { title: oldTitle, panels: oldPanels, ...before } = old;
  const { title, panels, ...after } = next;
  return [
    ...(oldTitle === title ? [] : [wholeFinding(about, "renamed", { old: oldTitle, new: title })]),
    ...compare(toReadable(before), toReadable(after))
      .filter(isCause)
      .map((change) => fieldFinding(about, change, inPlace, inWords(change.path))),
    ...panelFindings(about.subject, membersOf(oldPanels), membersOf(panels)),
  ];
}

/** The dashboard with what is nested or told twice in Grafana's format brought to what it says. */
const toReadable = ({ time, templating, annotations, links, ...rest }: Plain): Plain => ({
  ...rest,
  ...(time !== undefined && { "time range": range(time) }),
  ...(isPlain(templating) && { variable: templating["list"] }),
  ...(isPlain(annotations) && { annotation: annotations["list"] }),
  ...(links !== undefined && { link: links }),
});

/** `now-1h to now`. */
const range = wordsFor(
  z.strictObject({ from: z.string(), to: z.string() }),
  ({ from, to }) => `${from} to ${to}`,
);

/** A variable's options follow from its query. */
const isCause = (
  { path: [kind, name, field] }: FieldChange,
  _: number,
  all: readonly FieldChange[],
): boolean =>
  kind !== "variable" ||
  !field?.startsWith("options") ||
  !all.some(({ path }) => path[0] === kind && path[1] === name && path[2] === "query");

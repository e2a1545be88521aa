import { styleText } from "node:util";
import { alignRows } from "../../terminal/table.ts";
import { wrap } from "../../terminal/wrap.ts";
import { sectionTitles, type Change, type Cost, type Report } from "./report.ts";
import {
  countLines,
  environmentsOf,
  fieldsOf,
  isSecretChange,
  linesOf,
  subjectOf,
  totalOf,
} from "./values.ts";

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const widest = 100;
const indent = 4;
const actionWidth = "changed  ".length;
const textIndent = " ".repeat(indent + actionWidth);

/** The report for a terminal, in colours if it is one that has them. */
export function text(report: Report, stream: NodeJS.WriteStream): string {
  if (report.changes.length === 0) return "No change.";
  const paint: Paint = (style, part) => styleText(style, part, { stream });
  const width = Math.min(widest, stream.isTTY ? stream.columns : widest);
  const head = paint("bold", `${totalOf(report)} from ${report.base} to ${report.head}`);
  const body = [...Map.groupBy(report.changes, ({ section }) => section)].flatMap(([section, changes]) => [
    "",
    paint("bold", sectionTitles[section]),
    ...[...Map.groupBy(changes, environmentsOf)].flatMap(([names, group]) => [
      `  ${names}`,
      ...group.flatMap((change) => ofChange(change, width, paint)),
    ]),
  ]);
  return [head, ...alignRows(countLines(report)), ...body].join("\n");
}

const colours: Readonly<Record<Cost, Style>> = {
  "data at risk": "red",
  replaced: "magenta",
  "Tempo restarts": "yellow",
  "roles restart": "yellow",
  "collectors restart": "yellow",
  "in place": "dim",
};

function ofChange(change: Change, width: number, paint: Paint): string[] {
  const room = width - textIndent.length;
  const price = change.costs.join(", ");
  const titles = titlesOf(change, room - price.length - 2).flatMap((title) => wrap(title, room));
  const fits = titles[0]!.length + 2 + price.length <= room;
  const colour = change.costs[0] ? colours[change.costs[0]] : "dim";
  const [title, ...others] = titles;
  const start = " ".repeat(indent) + change.action.padEnd(actionWidth);
  const gap = " ".repeat(Math.max(0, room - title!.length - price.length));
  const below = [
    ...others,
    ...(fits || price === "" ? [] : [paint(colour, price)]),
    ...values(change, room, paint),
    ...(change.note === undefined ? [] : wrap(change.note, room)),
  ];
  return [
    (start + title + (fits && price !== "" ? gap + paint(colour, price) : "")).trimEnd(),
    ...below.map((line) => textIndent + line),
  ];
}

function values(change: Change, room: number, paint: Paint): string[] {
  if (isSecretChange(change)) return ["(secret) → another (secret)"];
  const { gone, come, members } = linesOf(change);
  const inline = [...gone, ...come].join(" → ");
  if (!members && gone.length === 1 && come.length === 1 && inline.length <= room) return [inline];
  const marked = (mark: string, lines: readonly string[], style: Style) =>
    lines.flatMap((line) =>
      wrap(line, room - 2).map((part, index) => paint(style, (index === 0 ? mark : " ") + " " + part)),
    );
  return [...marked("-", gone, "red"), ...marked("+", come, "green")];
}

/** Subject and fields: on one line when there is room, else on one each. */
function titlesOf(change: Change, room: number): string[] {
  const [subject, fields] = [subjectOf(change), fieldsOf(change)];
  if (subject === undefined) return fields;
  const line = [subject, ...fields].join(": ");
  return fields.length <= 1 && line.length <= room ? [line] : [subject, ...fields];
}

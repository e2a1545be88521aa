import { costs, sections, sectionTitles, type Change, type Report } from "./report.ts";

import {
  countLines,
  environmentsOf,
  fieldsOf,
  grouped,
  isSecretChange,
  linesOf,
  subjectOf,
  totalOf,
} from "./values.ts";

/** By this a workflow finds the comment that it wrote before. */
export const marker = "<!-- llm-tracing-diff -->";

/** GitHub takes no longer comment. */
export const commentLimit = 65_536;

const longestValue = 4_000;
const mostLines = 100;
const longestInline = 60;

/** The report as a comment on a pull request. Whatever stems from files stands in code, where nothing has meaning. */
export function markdown(report: Report): string {
  const heading = [
    totalOf(report),
    ...countLines(report).map(([names, counts]) => `${code(names)}: ${counts}`),
  ];
  const start = `${marker}\n### ${heading.join(" · ")}\n`;
  const blocks = new Map(report.changes.map((change) => [change, ofChange(change)]));
  const kept = fitting(blocks, commentLimit - start.length);
  const body = sections.map((section) => ofSection(section, report.changes, kept));
  const missing = report.changes.length - kept.size;
  const end = missing === 0 ? "" : `\n${leftOut(missing)} \`npm run diff\` shows all.\n`;
  return start + body.join("") + end;
}

const leftOut = (count: number): string =>
  count === 1 ? "1 change is left out here." : `${count} changes are left out here.`;

/** What has room beside the frame, the worst first. */
function fitting(blocks: ReadonlyMap<Change, string>, room: number): ReadonlyMap<Change, string> {
  const rank = ({ costs: [worst] }: Change) => (worst ? costs.indexOf(worst) : costs.length);
  const kept = new Map<Change, string>();
  let left = room - frame;
  const groups = new Set<string>();
  for (const [change, block] of [...blocks].sort(([a], [b]) => rank(a) - rank(b))) {
    const group = JSON.stringify([change.section, change.environments]);
    const size = block.length + (groups.has(group) ? 0 : environmentLine(change).length);
    if (size > left) continue;
    left -= size;
    groups.add(group);
    kept.set(change, block);
  }
  return kept;
}

/** Room for the openings and ends of all sections, and the count of what is left out. */
const frame = 2_000;

function ofSection(
  section: Change["section"],
  all: readonly Change[],
  kept: ReadonlyMap<Change, string>,
): string {
  const changes = all.filter((change) => change.section === section);
  if (changes.length === 0) return "";
  const shown = changes.filter((change) => kept.has(change));
  const groups = grouped(shown).map(
    (group) => environmentLine(group[0]!) + group.map((change) => kept.get(change)).join(""),
  );
  const missing = changes.length - shown.length;
  const count = missing === 0 ? changes.length : `${shown.length} of ${changes.length}`;
  return `\n<details>\n<summary>${sectionTitles[section]} (${count})</summary>\n${groups.join("")}\n</details>\n`;
}

const environmentLine = (change: Change): string => `\n**${code(environmentsOf(change))}**\n\n`;

function ofChange(change: Change): string {
  const subject = subjectOf(change);
  const fields = fieldsOf(change).map((field) => code(cut(field)));
  const title = [...(subject === undefined ? [] : [code(cut(subject))]), fields.join(", ")].filter(Boolean);
  const [worst, ...others] = change.costs;
  const price = worst === undefined ? "" : ` — ${[strong(worst), ...others].join(", ")}`;
  const note = change.note === undefined ? "" : `. ${change.note}`;
  const action = change.action === "changed" ? "" : `${change.action} `;
  return `- ${action}${title.join(" ")}${values(change)}${price}${note}${fence(change)}\n`;
}

const strong = (cost: string): string => (cost === "in place" ? cost : `**${cost}**`);

function values(change: Change): string {
  if (isSecretChange(change)) return ": another secret";
  return isInline(change) && sides(change).length > 0
    ? `: ${sides(change)
        .map((side) => code(side))
        .join(" → ")}`
    : "";
}

const sides = (change: Change): string[] => {
  const { gone, come } = linesOf(change);
  return [...gone, ...come];
};

function isInline(change: Change): boolean {
  const { gone, come, members } = linesOf(change);
  if (members || gone.length > 1 || come.length > 1) return false;
  return sides(change).every((side) => side.length <= longestInline);
}

/** Every line in it starts with a mark, so none can end it. */
function fence(change: Change): string {
  if (isSecretChange(change) || isInline(change) || sides(change).length === 0) return "";
  const { gone, come } = linesOf(change);
  const marked = (mark: string, lines: readonly string[]) =>
    cutLines(lines)
      .map((line) => `\n  ${mark} ${line}`)
      .join("");
  return `\n\n  \`\`\`diff${marked("-", gone)}${marked("+", come)}\n  \`\`\``;
}

function cutLines(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let left = longestValue;
  for (const line of lines) {
    if (left <= 0 || kept.length === mostLines) break;
    kept.push(cut(line, left));
    left -= line.length + 1;
  }
  return kept.length === lines.length ? kept : [...kept, `… ${lines.length - kept.length} more lines`];
}

const cut = (text: string, length = longestValue): string =>
  text.length <= length
    ? text
    : `${text.slice(0, length).toWellFormed()}… ${text.length - length} more characters`;

/** A code span that its content cannot end. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  return longest === 0 && text !== "" ? ticks + text + ticks : `${ticks} ${text} ${ticks}`;
}

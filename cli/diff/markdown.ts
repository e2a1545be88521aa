import { costs, sections, sectionTitles, type Change, type Report } from "./report.ts";
import {
  countLines,
  environmentsOf,
  fieldsOf,
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

/** Room for the openings and ends of all sections, and the count of what is left out. */
const frame = 2_000;

/** The report as a comment on a pull request. Whatever stems from files stands in code, where nothing has meaning. */
export function markdown(report: Report): string {
  const counts = countLines(report).map(([names, counts]) => `${code(names)}: ${counts}`);
  const start = `${marker}\n### ${[totalOf(report), ...counts].join(" · ")}\n`;
  const blocks = fitting(report.changes, commentLimit - frame - start.length);
  const body = sections.map((section) => ofSection(section, report.changes, blocks)).join("");
  const missing = report.changes.length - blocks.size;
  const leftOut = missing === 1 ? "1 change is" : `${missing} changes are`;
  return start + body + (missing === 0 ? "" : `\n${leftOut} left out here. \`npm run diff\` shows all.\n`);
}

/** The changes that have room, the worst first; each as if it stood alone below its environments. */
function fitting(changes: readonly Change[], room: number): ReadonlyMap<Change, string> {
  const rank = ({ costs: [worst] }: Change) => (worst ? costs.indexOf(worst) : costs.length);
  const blocks = new Map<Change, string>();
  let left = room;
  for (const change of changes.toSorted((a, b) => rank(a) - rank(b))) {
    const block = ofChange(change);
    const size = environmentLine(environmentsOf(change)).length + block.length;
    if (size > left) continue;
    left -= size;
    blocks.set(change, block);
  }
  return blocks;
}

function ofSection(
  section: Change["section"],
  all: readonly Change[],
  blocks: ReadonlyMap<Change, string>,
): string {
  const changes = all.filter((change) => change.section === section);
  if (changes.length === 0) return "";
  const shown = changes.filter((change) => blocks.has(change));
  const count = shown.length === changes.length ? shown.length : `${shown.length} of ${changes.length}`;
  const groups = [...Map.groupBy(shown, environmentsOf)].map(
    ([names, group]) => environmentLine(names) + group.map((change) => blocks.get(change)).join(""),
  );
  return `\n<details>\n<summary>${sectionTitles[section]} (${count})</summary>\n${groups.join("")}\n</details>\n`;
}

const environmentLine = (names: string): string => `\n**${code(names)}**\n\n`;

function ofChange(change: Change): string {
  const subject = subjectOf(change);
  const fields = fieldsOf(change).map((field) => code(cut(field)));
  const title = [...(subject === undefined ? [] : [code(cut(subject))]), fields.join(", ")].filter(Boolean);
  const [worst, ...others] = change.costs;
  const price = worst === undefined ? "" : ` — ${[strong(worst), ...others].join(", ")}`;
  const note = change.note === undefined ? "" : `. ${change.note}`;
  const action = change.action === "changed" ? "" : `${change.action} `;
  const { inline, block } = values(change);
  return `- ${action}${title.join(" ")}${inline}${price}${note}${block}\n`;
}

const strong = (cost: string): string => (cost === "in place" ? cost : `**${cost}**`);

/** The values, beside what they are of when they are short, in a block below it otherwise. */
function values(change: Change): { inline: string; block: string } {
  if (isSecretChange(change)) return { inline: ": another secret", block: "" };
  const { gone, come, members } = linesOf(change);
  const all = [...gone, ...come];
  if (all.length === 0) return { inline: "", block: "" };
  const isShort = gone.length < 2 && come.length < 2 && all.every((line) => line.length <= longestInline);
  if (isShort && !members) return { inline: `: ${all.map(code).join(" → ")}`, block: "" };
  // Every line in the block starts with a mark, so none can end it.
  const marked = (mark: string, lines: readonly string[]) =>
    cutLines(lines).map((line) => `\n  ${mark} ${line}`);
  const lines = [...marked("-", gone), ...marked("+", come)];
  return { inline: "", block: `\n\n  \`\`\`diff${lines.join("")}\n  \`\`\`` };
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

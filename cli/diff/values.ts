import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { alike, isScalarList } from "./compare.ts";
import { costs, type Change, type Cost, type Report } from "./report.ts";
import { secret } from "./secrets.ts";

/** What goes and what comes, as lines for people. */
export interface Lines {
  readonly gone: readonly string[];
  readonly come: readonly string[];
  /** They are members of a list: the one does not become the other. */
  readonly members?: boolean;
}

/** Values of a change as lines: only what differs of long lists and long texts. */
export function linesOf(change: Change): Lines {
  const { old, new: next } = change;
  if (isScalarList(old) && isScalarList(next)) return ofLists(old, next);
  const [gone, come] = ["old" in change ? lines(old) : [], "new" in change ? lines(next) : []];
  if (gone.length > 1 || come.length > 1) return differing(gone, come);
  return gone.length > 0 && isDeepStrictEqual(gone, come)
    ? { gone: [JSON.stringify(old)], come: [JSON.stringify(next)] }
    : { gone, come };
}

/** Whether all there is to see is that a secret is not the one it was. */
export const isSecretChange = (change: Change): boolean => change.old === secret && change.new === secret;

function ofLists(old: readonly unknown[], next: readonly unknown[]): Lines {
  const without = (list: readonly unknown[], other: readonly unknown[]) =>
    list.filter((member) => !other.includes(member)).map((member) => lines(member).join(" "));
  const [gone, come] = [without(old, next), without(next, old)];
  if (gone.length + come.length > 0) return { gone: short(gone), come: short(come), members: true };
  return { gone: [lines(old).join(", ")], come: [lines(next).join(", ")] };
}

/** Short members on one line. */
function short(members: readonly string[]): readonly string[] {
  const line = members.join(", ");
  return members.length > 0 && line.length <= 80 ? [line] : members;
}

function differing(gone: readonly string[], come: readonly string[]): Lines {
  const { start, end } = alike(gone, come);
  return { gone: gone.slice(start, gone.length - end), come: come.slice(start, come.length - end) };
}

function lines(value: unknown): string[] {
  if (value === "") return ['""'];
  if (typeof value === "string") return readable(value.trimEnd()).split("\n").map(visible);
  if (isScalarList(value)) return [visible(value.map(String).join(", "))];
  if (typeof value !== "object" || value === null) return [String(value)];
  const flow = stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trimEnd();
  const text =
    flow.length <= 80 && !flow.includes("\n") ? flow : stringify(value, { lineWidth: 0 }).trimEnd();
  return text.split("\n").map(visible);
}

/** An address with what it asks in plain text, as Grafana's links to Explore have it. */
function readable(text: string): string {
  if (!/^(https?:\/|\/|explore\?)\S*%(7B|22|20)/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Characters that move the cursor or turn the text around, shown as what they are. */
export const visible = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll("\t", "  ")
    .replace(
      /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
      (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
    );

/** What a change is about, as far as its section does not say it. */
export const subjectOf = ({ section, subject }: Change): string | undefined =>
  section === "tempo" || section === "settings" ? undefined : visible(subject);

/** What of it changes. */
export const fieldsOf = ({ fields }: Change): string[] => fields.map(visible);

/** `dev, staging`. */
export const environmentsOf = ({ environments }: Change): string => environments.map(visible).join(", ");

/** `4 changes`, and for settings alone that they are all there is. */
export function totalOf({ changes }: Report): string {
  const count = changes.filter(({ section }) => section !== "settings").length;
  if (count === 0) return changes.length === 0 ? "No change" : "Settings change, but no object does";
  return count === 1 ? "1 change" : `${count} changes`;
}

const counted: Readonly<Record<Cost, string>> = {
  "data at risk": "with data at risk",
  replaced: "replaced",
  "Tempo restarts": "restarting Tempo",
  "roles restart": "restarting roles of Tempo",
  "collectors restart": "restarting collectors",
  "in place": "in place",
};

/** Environments and their counts, `1 with data at risk, 3 in place`; those of the same counts together, the worst first. */
export function countLines({ counts }: Report): [environments: string, counts: string][] {
  const lines = Object.entries(counts).map(([environment, count]) => {
    const there = costs.filter((cost) => count[cost] !== undefined);
    const text = there.map((cost) => `${count[cost]} ${counted[cost]}`).join(", ");
    return { name: visible(environment), text, worst: costs.indexOf(there[0]!) };
  });
  const alike = Map.groupBy(
    lines.sort((a, b) => a.worst - b.worst),
    ({ text }) => text,
  );
  return [...alike].map(([text, group]) => [group.map(({ name }) => name).join(", "), text]);
}

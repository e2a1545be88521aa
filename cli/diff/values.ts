import { stringify } from "yaml";
import { isScalarList, same } from "./compare.ts";
import type { Change } from "./report.ts";
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
  return gone.length > 0 && same(gone, come)
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
  const shorter = Math.min(gone.length, come.length);
  let start = 0;
  while (start < shorter && gone[start] === come[start]) start++;
  let end = 0;
  while (end < shorter - start && gone[gone.length - 1 - end] === come[come.length - 1 - end]) end++;
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

import { placed, type PlacedQuery } from "./targets.ts";

/**
 * The queries of a Markdown file: blocks marked `traceql` or `promql`, one query a paragraph, and TraceQL in the text.
 * A reader pastes them into Explore, so no dashboard's variable is known here. In a table whose head says "refused"
 * they must be.
 */
export function markdownQueries(file: string, markdown: string): PlacedQuery[] {
  const lines = markdown.split("\n");
  const found: PlacedQuery[] = [];
  let refused = false;
  let fence: { mark: string; language: string; line: number; text: string[] } | undefined;
  lines.forEach((line, index) => {
    const [, mark, language = ""] = /^\s*(?:>\s*)*(`{3,}|~{3,})\s*(\w*)/.exec(line) ?? [];
    if (fence && mark?.startsWith(fence.mark)) {
      found.push(...blockQueries(file, fence));
      fence = undefined;
    } else if (fence) {
      fence.text.push(line);
    } else if (mark) {
      fence = { mark, language, line: index + 2, text: [] };
    } else {
      const isCell = line.startsWith("|");
      refused = isCell && (refused || line.includes("refused"));
      found.push(
        ...inlineQueries(`${file}:${index + 1}`, isCell ? line.replaceAll("\\|", "|") : line, refused),
      );
    }
  });
  return found;
}

interface Block {
  readonly language: string;
  readonly line: number;
  readonly text: readonly string[];
}

function blockQueries(file: string, { language, line, text }: Block): PlacedQuery[] {
  if (language !== "traceql" && language !== "promql") return [];
  const comment = language === "promql" ? /^\s*#/ : /^\s*\/\//;
  return paragraphs(text).flatMap(({ first, lines }) => {
    const query = lines
      .filter((one) => !comment.test(one))
      .join("\n")
      .trim();
    return query === "" ? [] : placed({ place: `${file}:${line + first}`, variables: {} }, language, query);
  });
}

function paragraphs(lines: readonly string[]): { first: number; lines: string[] }[] {
  const made: { first: number; lines: string[] }[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    if (index === 0 || lines[index - 1]!.trim() === "") made.push({ first: index, lines: [] });
    made.at(-1)!.lines.push(line);
  });
  return made;
}

/** Code in the text that begins as a TraceQL filter and compares something. */
const inlineQueries = (place: string, line: string, refused: boolean): PlacedQuery[] =>
  [...line.matchAll(/`(\{[^{`][^`]*)`/g)]
    .map(([, code]) => code!)
    .filter((code) => /[=<>|]/.test(code) && !/^\{\s*"/.test(code))
    .flatMap((code) => placed({ place, variables: {}, ...(refused && { refused }) }, "traceql", code));

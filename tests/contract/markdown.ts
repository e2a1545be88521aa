import markdownIt from "markdown-it";
import { placed, type PlacedQuery } from "./targets.ts";

/**
 * The queries of a Markdown file: blocks marked `traceql` or `promql`, one query a paragraph, and TraceQL in the text.
 * A reader pastes them into Explore, so no dashboard's variable is known here. In a table whose head says "refused"
 * they must be.
 */
export function markdownQueries(file: string, markdown: string): PlacedQuery[] {
  const found: PlacedQuery[] = [];
  let [line, isHead, refused] = [1, false, false];
  for (const { type, map, info, content, children } of markdownIt().parse(markdown, {})) {
    // The text of a cell has no place of its own: it is its row's.
    line = map ? map[0] + 1 : line;
    if (type === "fence") found.push(...blockQueries(file, line + 1, info.trim(), content));
    if (type === "thead_open" || type === "thead_close") isHead = type === "thead_open";
    if (type === "table_close") refused = false;
    if (type !== "inline") continue;
    refused ||= isHead && content.includes("refused");
    for (const part of children ?? []) {
      if (part.type === "softbreak" || part.type === "hardbreak") line++;
      if (part.type === "code_inline" && isTraceql(part.content)) {
        const site = { place: `${file}:${line}`, variables: {}, ...(refused && { refused }) };
        found.push(...placed(site, "traceql", part.content));
      }
    }
  }
  return found;
}

/** Code in the text that begins as a TraceQL filter and compares something. */
const isTraceql = (code: string): boolean =>
  /^\{[^{]/.test(code) && /[=<>|]/.test(code) && !/^\{\s*"/.test(code);

function blockQueries(file: string, firstLine: number, language: string, content: string): PlacedQuery[] {
  if (language !== "traceql" && language !== "promql") return [];
  const comment = language === "promql" ? /^\s*#/ : /^\s*\/\//;
  return [...content.matchAll(/(?:.*\S.*\n?)+/g)].flatMap(({ 0: paragraph, index }) => {
    const lines = paragraph.split("\n").filter((line) => !comment.test(line));
    const query = lines.join("\n").trim();
    const place = `${file}:${firstLine + content.slice(0, index).split("\n").length - 1}`;
    return query === "" ? [] : placed({ place, variables: {} }, language, query);
  });
}

import markdownIt from "markdown-it";

/**
 * What keeps Markdown's tables from being drawn as tables: a row with more or fewer cells than the head, which a reader
 * of Markdown drops or fills up, or no line of dashes below it. A `|` ends a cell also within code, unless it is escaped
 * (https://github.github.com/gfm/#tables-extension-).
 */
export function tornTables(markdown: string): string[] {
  const lines = markdown.split("\n");
  return markdownIt()
    .parse(markdown, {})
    .flatMap(({ type, map, content }) => {
      if (type === "inline" && content.startsWith("|"))
        return [`line ${map![0] + 2}: no dashes below the head`];
      if (type !== "table_open") return [];
      const [first, end] = map!;
      const head = cellsOf(lines[first]!);
      return lines.slice(first, end).flatMap((row, index) => {
        const cells = cellsOf(row);
        return cells === head ? [] : [`line ${first + index + 1}: ${cells} cells, the head has ${head}`];
      });
    });
}

const cellsOf = (row: string): number =>
  row
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "")
    .split(/(?<!\\)\|/).length;

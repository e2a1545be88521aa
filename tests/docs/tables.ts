/**
 * What keeps Markdown's tables from being drawn as tables: a row with more or fewer cells than the head, or no line of
 * dashes below it. A `|` ends a cell also within code, unless it is escaped
 * (https://github.github.com/gfm/#tables-extension-).
 */
export function tornTables(markdown: string): string[] {
  let fence: string | undefined;
  let head: { cells: number; line: number } | undefined;
  return markdown.split("\n").flatMap((text, index) => {
    const line = index + 1;
    const mark = /^\s*(`{3,}|~{3,})/.exec(text)?.[1];
    if (mark && (fence === undefined || mark.startsWith(fence)))
      fence = fence === undefined ? mark : undefined;
    if (fence !== undefined || !/^\s*\|/.test(text)) {
      head = undefined;
      return [];
    }
    const cells = cellsOf(text);
    if (head === undefined) {
      head = { cells, line };
      return [];
    }
    if (line === head.line + 1 && !/^[\s|:-]+$/.test(text)) return [`line ${line}: no dashes below the head`];
    return cells === head.cells ? [] : [`line ${line}: ${cells} cells, the head has ${head.cells}`];
  });
}

const cellsOf = (row: string): number =>
  row
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "")
    .split(/(?<!\\)\|/).length;

/** Rows as lines, each column as wide as its widest cell. */
export function alignRows(rows: readonly (readonly string[])[], indent = "  "): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => alignRow(row, widths, indent));
}

/** A row of a table whose columns have these widths, as a line. */
export const alignRow = (row: readonly string[], widths: readonly number[], indent = "  "): string =>
  (indent + row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).trimEnd();

/**
 * Outputs of a stack as lines: single values first, then a block for each group of values, under the group's path.
 */
export function outputLines(outputs: Readonly<Record<string, unknown>>): string[] {
  return groupsOf("", outputs).flatMap(({ path, values }) => [
    ...(path === "" ? [] : [`  ${path}`]),
    ...alignRows(values, path === "" ? "  " : "    "),
  ]);
}

interface Group {
  path: string;
  values: [name: string, value: string][];
}

function groupsOf(path: string, group: object): Group[] {
  const members = Object.entries(group) as [string, unknown][];
  const values = members.flatMap(([name, value]): [string, string][] =>
    isGroup(value) ? [] : [[name, String(value)]],
  );
  const below = members.flatMap(([name, value]) =>
    isGroup(value) ? groupsOf(join(path, name, group), value) : [],
  );
  return [...(values.length === 0 ? [] : [{ path, values }]), ...below];
}

function join(path: string, name: string, parent: object): string {
  if (Array.isArray(parent)) {
    return `${path}[${name}]`;
  }
  return path === "" ? name : `${path}.${name}`;
}

function isGroup(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Rows as lines, each column as wide as its widest cell, indented by two. */
export function alignRows(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}

/** Outputs of a stack as rows: the path of each value, and the value. */
export function outputRows(outputs: Readonly<Record<string, unknown>>): [path: string, value: string][] {
  return Object.entries(outputs).flatMap(([name, value]) => leaves(name, value));
}

function leaves(path: string, value: unknown): [string, string][] {
  if (typeof value !== "object" || value === null) {
    return [[path, String(value)]];
  }
  return Object.entries(value).flatMap(([key, member]) =>
    leaves(Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, member),
  );
}

/**
 * A page with what is between its marks in place of what was there.
 *
 * @throws If the page has lost the marks.
 */
export function inMarks(path: string, page: string, what: string, made: string): string {
  const begin = `<!-- ${what}: made by \`make docs\` from telemetry/ -->`;
  const end = `<!-- /${what} -->`;
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined)
    throw new Error(`${path} has lost the marks around its table of ${what}: ${begin} … ${end}`);
  return `${before}${begin}\n\n${made}\n\n${end}${after}`;
}

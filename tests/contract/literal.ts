const escape = /\\(.)/gs;
const known = /[abfnrtv\\"'xuU0-7]/;

/**
 * The text that a string literal of TraceQL or PromQL stands for: as in Go, quoted with escapes or raw in backquotes.
 *
 * @throws Error that names an escape Go does not know; in a pattern a backslash is doubled, or the literal is raw.
 */
export function unquote(literal: string): string {
  const body = literal.slice(1, -1);
  if (literal.startsWith("`")) return body;
  return body.replace(escape, (_, escaped: string) => {
    if (!known.test(escaped)) {
      throw new Error(`${literal} has the unknown escape \\${escaped}, write \\\\${escaped}`);
    }
    return escaped;
  });
}

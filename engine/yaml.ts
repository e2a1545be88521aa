import { LineCounter, parseDocument } from "yaml";
import { UserError } from "../errors.ts";

/**
 * Reads YAML that may hold secrets: the parser's own words would show the text around a mistake.
 *
 * @param where - The file, for the words of an error.
 * @throws UserError that names the line
 */
export function parseYaml(where: string, text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error)
    throw new UserError(`${where} is no valid YAML at line ${lineCounter.linePos(error.pos[0]).line}.`);
  try {
    const value: unknown = document.toJS();
    JSON.stringify(value);
    return value;
  } catch {
    throw new UserError(`${where} is no valid YAML: an alias in it is unknown, or refers to itself.`);
  }
}

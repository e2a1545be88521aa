import { LineCounter, parseAllDocuments } from "yaml";
import { UserError } from "../errors.ts";

/**
 * Reads the documents of YAML that may hold secrets, empty ones left out. The parser's own words would show the text
 * around a mistake.
 *
 * @param where - The file, for the words of an error.
 * @throws UserError that names the line
 */
export function parseDocuments(where: string, text: string): unknown[] {
  const lineCounter = new LineCounter();
  return [...parseAllDocuments(text, { lineCounter, prettyErrors: false })].flatMap((document): unknown[] => {
    const [error] = document.errors;
    if (error)
      throw new UserError(`${where} is no valid YAML at line ${lineCounter.linePos(error.pos[0]).line}.`);
    try {
      const value: unknown = document.toJS();
      // What refers to itself fails here.
      JSON.stringify(value);
      return value === null || value === undefined ? [] : [value];
    } catch {
      throw new UserError(
        `${where} is no valid YAML: its aliases lead nowhere, to themselves or to too much.`,
      );
    }
  });
}

import { stripVTControlCharacters } from "node:util";
import { kubernetesProviderVersion } from "../tools/programs.ts";

/**
 * Pulumi compares the provider's version with that of the SDK, which is newer: the newest provider published as a Go
 * module is older than the newest SDK on npm, and does all that this stack needs.
 */
const knownWarning = `warning: resource plugin kubernetes is expected to have version >=`;
const knownVersion = `but has ${kubernetesProviderVersion};`;

/** Takes text in pieces, as a program prints it. */
export interface TextSink {
  write(text: string): void;
  end(): void;
}

/**
 * Passes Pulumi's progress on line by line, without lines that say again what was said and without the warning about
 * the provider that is built here.
 */
export function calmOutput(write: (text: string) => void): TextSink {
  const lines = new CalmLines(write);
  let rest = "";
  return {
    write: (text) => {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      parts.forEach((line) => lines.take(line));
    },
    end: () => {
      if (rest !== "") {
        lines.take(rest);
      }
    },
  };
}

class CalmLines {
  readonly #write: (text: string) => void;
  readonly #said = new Set<string>();
  /** A heading of the diagnostics, kept back until something stands below it. */
  #headings: string[] = [];
  /** What was said below the last heading: an inline program's error comes twice. */
  #below = new Set<string>();
  #blank = false;
  #heardWarning = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  take(line: string): void {
    const plain = stripVTControlCharacters(line).trimEnd();
    if (plain === "") {
      this.#blank = true;
    } else if (isKnownWarning(plain)) {
      this.#heardWarning = true;
      this.#takeProgress(withoutWarning(line));
    } else if (/^(Diagnostics:|  \S+ \(.+\):)$/.test(plain)) {
      this.#headings = plain.startsWith("Diagnostics") ? [line] : [...this.#headings.slice(0, 1), line];
      this.#below.clear();
    } else if (isProgress(plain)) {
      this.#takeProgress(
        this.#heardWarning && plain.endsWith(" 1 warning") ? line.replace("1 warning", "") : line,
      );
    } else if (/^\S/.test(plain)) {
      this.#below.clear();
      this.#emit(line, true);
    } else if (!this.#isRepeated(plain)) {
      this.#emit(line, false);
    }
  }

  #isRepeated(plain: string): boolean {
    const isDiagnostic = this.#headings.length > 0 || this.#below.size > 0;
    const wasSaid = this.#below.has(plain);
    if (isDiagnostic) this.#below.add(plain);
    return isDiagnostic && wasSaid;
  }

  /** A row of the progress; empty when nothing but the warning stood there. */
  #takeProgress(line: string): void {
    const plain = stripVTControlCharacters(line).trimEnd();
    if (isProgress(plain) && !this.#said.has(plain)) {
      this.#said.add(plain);
      this.#emit(line, true);
    }
  }

  #emit(line: string, dropsHeadings: boolean): void {
    const headings = dropsHeadings ? [] : this.#headings;
    const blank = this.#blank && headings.length === 0 ? [""] : [];
    this.#write([...blank, ...headings, line, ""].join("\n"));
    this.#headings = [];
    this.#blank = false;
  }
}

function isKnownWarning(plain: string): boolean {
  return plain.includes(knownWarning) && plain.includes(knownVersion);
}

function withoutWarning(line: string): string {
  return line.replace(/ *(\x1b\[[\d;]*m)*warning: .*$/, "");
}

/** A row such as ` +  kubernetes:core/v1:Namespace tracing creating (0s)`. */
function isProgress(plain: string): boolean {
  return /^[ ~+\-><=@]{1,4} *\S+:\S*:\S+ \S+/.test(plain);
}

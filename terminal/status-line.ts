/** The last line of a terminal, which changes. */
export interface StatusLine {
  /** Puts this in its place, cut off where the terminal ends. */
  readonly show: (text: string) => void;
  /** Leaves nothing of it. */
  readonly wipe: () => void;
}

const wipeLine = "\r\x1b[2K";

/** A status line on a stream; where that is no terminal it never shows. */
export const statusLine = (stream: NodeJS.WriteStream): StatusLine => ({
  show: (text) => void (stream.isTTY && stream.write(wipeLine + text.slice(0, (stream.columns || 80) - 1))),
  wipe: () => void (stream.isTTY && stream.write(wipeLine)),
});

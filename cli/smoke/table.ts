import { formatSeconds } from "../../terminal/duration.ts";
import type { Listener } from "./run.ts";
import { checkNames } from "./run.ts";
import type { Report, Result } from "./result.ts";

const nameWidth = Math.max(...checkNames.map(({ length }) => length));
const statusWidth = "not checked".length;
const textWidth = 96;

/** Shows a run as a table that grows, check by check; on a terminal its last line says what is waited for. */
export function tableListener(
  stream: NodeJS.WriteStream,
  deadlineSeconds: number,
): Listener & { close(): void } {
  const begun = Date.now();
  let open: readonly string[] = checkNames;
  const status = () => {
    const seconds = formatSeconds(Math.floor((Date.now() - begun) / 1000));
    const text = `… ${seconds} of ${formatSeconds(deadlineSeconds)}, waiting for ${open.join(", ")}`;
    stream.write(`\r\x1b[2K${text.slice(0, (stream.columns || 80) - 1)}`);
  };
  const wipe = () => void (stream.isTTY && stream.write("\r\x1b[2K"));
  const timer = stream.isTTY ? setInterval(status, 1000) : undefined;
  return {
    started: ({ id, trace }) => {
      stream.write(`Trace ${trace.id}, of the user ${id}\n\n`);
      stream.write(row("CHECK", "RESULT", "SECONDS", "FOUND"));
    },
    ended: (result, stillOpen) => {
      open = stillOpen;
      wipe();
      stream.write(rowOf(result));
      if (stream.isTTY && open.length > 0) status();
    },
    close: () => {
      clearInterval(timer);
      wipe();
    },
  };
}

const rowOf = ({ check, status, seconds, found = "" }: Result): string =>
  row(check, status === "failed" ? "FAILED" : status, seconds.toFixed(1), found);

const row = (check: string, status: string, seconds: string, found: string): string =>
  `  ${check.padEnd(nameWidth)}  ${status.padEnd(statusWidth)}  ${seconds.padStart(7)}  ${found}`.trimEnd() +
  "\n";

/** What stands below the table: each failure with its cause and what to do, and how it all ended. */
export function conclusion({ results, notes, seconds }: Report): string {
  const failed = results.filter(({ status }) => status === "failed");
  const unchecked = results.filter(({ status }) => status === "not checked");
  const alike = Object.values(Object.groupBy(failed, ({ failure }) => JSON.stringify(failure)));
  const explained = alike.flatMap((group) => {
    const { problem, cause, todo } = group![0]!.failure!;
    return [
      "",
      group!.map(({ check }) => check).join(", "),
      ...wrapped("Seen:   ", problem),
      ...wrapped("Cause:  ", cause),
      ...wrapped("To do:  ", todo),
    ];
  });
  const counts = [
    `${results.length - failed.length - unchecked.length} ok`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(unchecked.length > 0 ? [`${unchecked.length} not checked`] : []),
  ];
  return [
    ...explained,
    ...notes.flatMap((note) => ["", ...wrapped("Note:   ", note)]),
    "",
    `${counts.join(", ")}, after ${formatSeconds(seconds)}.`,
    "",
  ].join("\n");
}

/** A paragraph below its head. */
function wrapped(head: string, text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= textWidth - head.length) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.map((line, index) => `  ${index === 0 ? head : " ".repeat(head.length)}${line}`);
}

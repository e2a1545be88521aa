import { formatSeconds } from "../../terminal/duration.ts";
import { statusLine } from "../../terminal/status-line.ts";
import { alignRow } from "../../terminal/table.ts";
import { wrap } from "../../terminal/wrap.ts";
import type { Listener } from "./run.ts";
import { checkNames } from "./run.ts";
import type { SmokeReport, Result } from "./result.ts";

const widths = [Math.max(...checkNames.map(({ length }) => length)), "not checked".length, "SECONDS".length];
const textWidth = 96;

/** Shows a run as a table that grows, check by check; on a terminal its last line says what is waited for. */
export function tableListener(
  stream: NodeJS.WriteStream,
  deadlineSeconds: number,
): Listener & { close(): void } {
  const begun = Date.now();
  let open: readonly string[] = checkNames;
  const { show, wipe } = statusLine(stream);
  const showOpen = () => {
    const seconds = formatSeconds(Math.floor((Date.now() - begun) / 1000));
    show(`… ${seconds} of ${formatSeconds(deadlineSeconds)}, waiting for ${open.join(", ")}`);
  };
  const timer = stream.isTTY ? setInterval(showOpen, 1000) : undefined;
  return {
    started: ({ id, trace }) => {
      stream.write(`Trace ${trace.id}, of the user ${id}\n\n`);
      stream.write(row("CHECK", "RESULT", "SECONDS", "FOUND"));
    },
    ended: (result, stillOpen) => {
      open = stillOpen;
      wipe();
      stream.write(resultRow(result));
      if (open.length > 0) showOpen();
    },
    close: () => {
      clearInterval(timer);
      wipe();
    },
  };
}

const resultRow = ({ check, status, seconds, found = "" }: Result): string =>
  row(check, status === "failed" ? "FAILED" : status, seconds.toFixed(1), found);

const row = (check: string, status: string, seconds: string, found: string): string =>
  alignRow([check, status, seconds.padStart(widths[2]!), found], widths) + "\n";

/** What stands below the table: each failure with its cause and what to do, and how it all ended. */
export function conclusion({ results, notes, seconds }: SmokeReport): string {
  const failed = results.filter(({ status }) => status === "failed");
  const unchecked = results.filter(({ status }) => status === "not checked");
  const alike = Object.values(Object.groupBy(failed, ({ failure }) => JSON.stringify(failure)));
  const explained = alike.flatMap((group) => {
    const { problem, cause, todo } = group![0]!.failure!;
    return [
      "",
      group!.map(({ check }) => check).join(", "),
      ...paragraph("Seen:   ", problem),
      ...paragraph("Cause:  ", cause),
      ...paragraph("To do:  ", todo),
    ];
  });
  const counts = [
    `${results.length - failed.length - unchecked.length} ok`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(unchecked.length > 0 ? [`${unchecked.length} not checked`] : []),
  ];
  return [
    ...explained,
    ...notes.flatMap((note) => ["", ...paragraph("Note:   ", note)]),
    "",
    `${counts.join(", ")}, after ${formatSeconds(seconds)}.`,
    "",
  ].join("\n");
}

/** A paragraph beside its head. */
const paragraph = (head: string, text: string): string[] =>
  wrap(text, textWidth - head.length).map(
    (line, index) => `  ${index === 0 ? head : " ".repeat(head.length)}${line}`,
  );

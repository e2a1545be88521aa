import { alignRows } from "../../../terminal/table.ts";
import { writeTable } from "../values/record.ts";
import { gapOf, notFoundOf, refusedOf, unansweredOf } from "./bounds.ts";
import type { Effects } from "./faults.ts";

const head = [
  "fault",
  "refused, of sent",
  "ingest gap",
  "by id: failed",
  "search: failed",
  "query gap",
  "acknowledged and lost",
  "calls counted",
  "stored twice",
];

/** A row of the matrix in docs/scale.md; without how often calls are counted and stored, until that is known. */
export function rowOf(
  effects: Effects,
  found?: { readonly counted: number; readonly stored: number },
): string[] {
  const { fault, sent, asked, lost, calls } = effects;
  const refused = refusedOf(effects);
  const twice = refused.filter(({ outcome }) => outcome !== "taken");
  const notFound = notFoundOf(effects);
  const failed = (kind: "by id" | "search") => {
    const all = asked.filter((each) => each.kind === kind).length;
    const unanswered = unansweredOf(effects, kind).length;
    const missing = kind === "by id" && notFound.length > 0 ? `, ${notFound.length} not found` : "";
    return `${unanswered} of ${all}${missing}`;
  };
  const unanswered = [...unansweredOf(effects, "by id"), ...unansweredOf(effects, "search"), ...notFound];
  return [
    fault,
    `${refused.length} of ${sent.length}${twice.length > 0 ? `, ${twice.length} by both` : ""}`,
    seconds(gapOf(refused), refused.length),
    failed("by id"),
    failed("search"),
    seconds(gapOf(unanswered), unanswered.length),
    String(lost.length),
    ...(found ? [`${found.counted} of ${calls}`, String(Math.max(0, found.stored - calls))] : []),
  ];
}

const seconds = (gap: number, count: number): string =>
  count === 0 ? "–" : count === 1 ? "one moment" : `${gap.toFixed(0)} s`;

/** Prints a row. */
export const printRow = (row: readonly string[]): void => console.log(`        | ${row.join(" | ")} |`);

/** Prints the whole matrix, and writes it into the folder of a cluster. */
export function printMatrix(cluster: string, rows: readonly string[][]): void {
  writeTable(cluster, "faults.md", [head, ...rows]);
  console.log(alignRows([head, ...rows]).join("\n"));
}

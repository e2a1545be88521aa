import { alignRows } from "../../terminal/table.ts";
import type { Exception } from "./exceptions.ts";
import type { Finding, Judge, Manifest } from "./judge.ts";

/** What all judges say of all environments. */
export interface Audit {
  /** The table, a line for each row. */
  readonly table: readonly string[];
  /** What is not excepted, a line each; a needless exception is one, too. */
  readonly problems: readonly string[];
}

/**
 * Asks judges about objects.
 *
 * @param environments - The objects of each, and who judges them.
 */
export async function audit(
  environments: ReadonlyMap<string, { manifests: readonly Manifest[]; judges: readonly Judge[] }>,
  exceptions: readonly Exception[],
): Promise<Audit> {
  const rows = [["environment", "judge", "objects", "findings", "excepted"]];
  const problems: string[] = [];
  const needed = new Set<Exception>();
  for (const [environment, { manifests, judges }] of environments) {
    for (const { name, judge } of judges) {
      const { judged, findings } = await judge(manifests);
      const excused = findings.map((finding) => exceptions.find((exception) => isFor(exception, finding)));
      const left = findings.filter((_, at) => excused[at] === undefined);
      excused.forEach((exception) => exception && needed.add(exception));
      // kube-score has no order of its own.
      problems.push(...left.map((finding) => `${environment}: ${sentenceOf(finding)}`).sort());
      rows.push([environment, name, ...[judged, left.length, findings.length - left.length].map(String)]);
    }
  }
  const asked = new Set(rows.map(([, judge]) => judge));
  const needless = exceptions.filter((exception) => asked.has(exception.judge) && !needed.has(exception));
  return {
    table: alignRows(rows),
    problems: [
      ...problems,
      ...needless.map(
        ({ judge, rule, object }) => `${judge}: ${rule}: ${object}: no environment needs its exception`,
      ),
    ],
  };
}

const isFor = (exception: Exception, { judge, rule, object }: Finding): boolean =>
  exception.judge === judge && exception.rule === rule && exception.object === object;

const sentenceOf = ({ judge, rule, object, words }: Finding): string =>
  `${judge}: ${rule}: ${object}: ${words}`;

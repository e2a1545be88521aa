import { UserError } from "../../errors.ts";
import type { Log } from "../../terminal/log.ts";
import { figureLines, type Figure } from "./figure.ts";

/** Takes measurements one after the other. */
export interface Report {
  /**
   * Does work and prints the figures it comes back with. Work that fails is printed with its reason, a figure without a
   * number is said to have none, and the next goes on.
   *
   * @param usualSeconds - said when it is over two; below that only the figures are printed
   * @returns the figures; undefined when it failed
   */
  measure(what: string, usualSeconds: number, work: () => Promise<Figure[]>): Promise<Figure[] | undefined>;
  /** Does work without figures of its own, that figures need; in the same way. */
  attempt<T>(what: string, usualSeconds: number, work: () => Promise<T>): Promise<T | undefined>;
  /**
   * Prints all figures as a table.
   *
   * @throws UserError that names what failed, if anything did
   */
  finish(): void;
}

/** A report that is told to a log. */
export function startReport(log: Log): Report {
  const figures: Figure[] = [];
  const failures: string[] = [];

  const attempt: Report["attempt"] = async (what, usualSeconds, work) => {
    try {
      return await (usualSeconds > 2 ? log.step(what, usualSeconds, work) : work());
    } catch (error) {
      failures.push(what);
      log.line(`  ${what}: failed: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  return {
    attempt,
    measure: async (what, usualSeconds, work) => {
      const measured = await attempt(what, usualSeconds, work);
      const isTaken = ({ values }: Figure) => values.length > 0 && values.every(Number.isFinite);
      const [taken, missing] = [true, false].map((is) =>
        (measured ?? []).filter((figure) => isTaken(figure) === is),
      ) as [Figure[], Figure[]];
      figures.push(...taken);
      failures.push(...missing.map(({ name }) => name));
      log.line(
        ...figureLines(taken),
        ...missing.map(({ name }) => `  ${name}: failed: there is nothing to take it from`),
      );
      return measured;
    },
    finish: () => {
      log.line("", ...figureLines(figures, ["FIGURE", "MEDIAN", "RANGE", "GOAL"]));
      if (failures.length > 0) {
        throw new UserError(
          `\n${failures.length === 1 ? "One measurement" : `${failures.length} measurements`} failed, each with its reason above: ${failures.join("; ")}.`,
        );
      }
    },
  };
}

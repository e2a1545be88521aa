import { UserError } from "../errors.ts";
import type { Context } from "./context.ts";
import { exceptions as ours, type Exception } from "./exceptions.ts";
import { nameOf, type KubernetesObject, type Rule } from "./rule.ts";
import { rules } from "./rules.ts";

/** What is excepted, and what day it is. */
export interface Grace {
  /** @default those of `exceptions.ts` */
  readonly exceptions?: readonly Exception[];
  readonly today: Date;
}

/** What a rule found of an object, in words. */
export interface Complaint {
  readonly rule: Rule;
  /** `Kind namespace/name`. */
  readonly object: string;
  readonly found: string;
}

/** What rules say of objects. */
export interface Verdict {
  readonly complaints: readonly Complaint[];
  /** The exceptions that were needed. */
  readonly used: readonly Exception[];
}

/** Judges objects by rules, but for what is excepted. */
export function judge(
  objects: readonly KubernetesObject[],
  context: Context,
  { exceptions = ours, today }: Grace,
  by: readonly Rule[] = rules,
): Verdict {
  const complaints = by.flatMap((rule) =>
    rule
      .check(objects, context)
      .map(({ object, found }): Complaint => ({ rule, object: nameOf(object), found })),
  );
  const excepting = (complaint: Complaint) =>
    exceptions.find(({ rule, object }) => rule === complaint.rule.id && object === complaint.object);
  const used = complaints.map(excepting).filter((exception) => exception !== undefined);
  return {
    used: [...new Set(used)],
    complaints: complaints.flatMap((complaint) => {
      const exception = excepting(complaint);
      if (!exception) return [complaint];
      return isOver(exception, today)
        ? [{ ...complaint, found: `${complaint.found}; its exception ended with ${exception.until}` }]
        : [];
    }),
  };
}

/**
 * Judges an environment's objects.
 *
 * @returns what to say of warnings, a line each, and the exceptions that were needed
 * @throws UserError that names every error: rule, object, what was found, what to do
 */
export function checkPolicies(
  environment: string,
  objects: readonly KubernetesObject[],
  context: Context,
  grace: Grace,
): { warnings: string[]; used: readonly Exception[] } {
  const { complaints, used } = judge(objects, context, grace);
  const errors = complaints.filter(({ rule }) => rule.severity === "error");
  if (errors.length > 0) {
    const lines = errors.map((complaint) => `  - ${sentenceOf(complaint)}`);
    throw new UserError(
      [
        `${environment}: ${errors.length} findings against the policies:`,
        ...lines,
        "docs/security.md says how to except one.",
      ]
        .join("\n")
        .replace(": 1 findings", ": 1 finding"),
    );
  }
  return { warnings: complaints.map(sentenceOf), used };
}

/** A complaint in one line: rule, object, what was found, what to do. */
export const sentenceOf = ({ rule, object, found }: Complaint): string =>
  `${rule.id}: ${object}: ${found}. ${rule.remedy}`;

/**
 * Refuses exceptions that serve nothing.
 *
 * @param used - Those that some environment needed, of all there are.
 * @throws UserError that names every one
 */
export function checkExceptions(used: ReadonlySet<Exception>, { exceptions = ours, today }: Grace): void {
  const problems = exceptions.flatMap((exception) => {
    const problem = problemOf(exception, used, today);
    return problem === undefined ? [] : [`  - ${exception.rule} of ${exception.object}: ${problem}`];
  });
  if (problems.length === 0) return;
  throw new UserError(["policy/exceptions.ts has exceptions that serve nothing:", ...problems].join("\n"));
}

function problemOf(exception: Exception, used: ReadonlySet<Exception>, today: Date): string | undefined {
  if (!rules.some(({ id }) => id === exception.rule)) return "there is no such rule";
  if (exception.reason.trim() === "") return "it gives no reason";
  if (isOver(exception, today)) return `it ended with ${exception.until}`;
  return used.has(exception) ? undefined : "no environment needs it; remove it";
}

/** A day that is none is over. */
const isOver = ({ until }: Exception, today: Date): boolean =>
  !/^\d{4}-\d{2}-\d{2}$/.test(until) || !(today.toISOString().slice(0, 10) <= until);
